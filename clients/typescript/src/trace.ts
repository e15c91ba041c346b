/** The trace context, where the sender uses OpenTelemetry. */

const telemetry = await import("@opentelemetry/api").catch(() => undefined);

/** The headers of the span that is open; none without OpenTelemetry. */
export function currentTrace(): Record<string, string> {
  const headers: Record<string, string> = {};
  telemetry?.propagation.inject(telemetry.context.active(), headers);
  return headers;
}
