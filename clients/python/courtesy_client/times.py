"""Times and lengths of time, as Python has them and as the API has them."""

from datetime import datetime, timedelta, timezone

from google.protobuf import duration_pb2, timestamp_pb2


def to_timestamp(time: datetime | None) -> timestamp_pb2.Timestamp | None:
    if time is None:
        return None
    if time.tzinfo is None:
        raise ValueError("a time needs a time zone: datetime.now(timezone.utc), say")
    timestamp = timestamp_pb2.Timestamp()
    timestamp.FromDatetime(time.astimezone(timezone.utc))
    return timestamp


def to_datetime(message, name: str) -> datetime | None:
    """The time in a field of a message; None where it is unset."""
    return getattr(message, name).ToDatetime(timezone.utc) if message.HasField(name) else None


def to_duration(length: timedelta | None) -> duration_pb2.Duration | None:
    if length is None:
        return None
    duration = duration_pb2.Duration()
    duration.FromTimedelta(length)
    return duration
