#!/usr/bin/env bash
# Runs the blocks of README.md that ask a server, as they stand there. Run by `run`, which sets
# API_FOR_README, COURTESY and TEMPORARY.
set -euo pipefail
source "$(dirname "$0")/checks.sh"

page=$(cat "$(dirname "$0")/../../README.md")
desk=$TEMPORARY/readme
mkdir -p "$desk/bin"
ln -s "$(realpath "$COURTESY")" "$desk/bin/courtesy"
export COURTESY_SERVER=$API_FOR_README PATH=$desk/bin:$PATH

# block WORD: runs the block in sh that has this word; sets $output.
block() {
    local file=$desk/block code=0
    awk -v word="$1" '
        /^```sh$/ { inside = 1; text = ""; next }
        /^```$/ && inside { inside = 0; if (index(text, word)) { printf "%s", text; exit } }
        inside { text = text $0 "\n" }
    ' <<<"$page" | sed "s|127\.0\.0\.1:50051|${API_FOR_README#http://}|" >"$file"
    [ -s "$file" ] || fail "README.md" "a block with $1" "none"
    # As in a terminal, what comes after is run also where `clear` ends with 1, since one is denied.
    output=$(cd "$desk" && bash -u "$file" 2>&1) || code=$?
    [ "$code" -eq 0 ] || fail "README.md, the block with $1: status" 0 "$code: $output"
}

block "curl "
contains "README.md, a reservation" '"effect":"EFFECT_ALLOW"' "$output"

# Three contacts of a week leave no room for a fourth.
for day in 1 2 3; do
    date --utc --date "$day days ago" +ann,%FT%TZ,email,marketing
done | sed '1i customer_id,contact_time,channel,purpose' >"$desk/history.csv"
printf 'customer_id\nann\nbea\ncyd\n' >"$desk/list.csv"
printf 'customer_id\ncyd\n' >"$desk/bounces.csv"
block "import-contacts"
contains "README.md, the history" "$(printf '%-35s 3' recorded)" "$output"
contains "README.md, the list" "ann,DENY,BUDGET_SPENT," "$(cat "$desk/sent.csv")"
contains "README.md, the list" "bea,ALLOW," "$(cat "$desk/sent.csv")"
contains "README.md, confirmed" "$(printf '%-35s 2' confirmed)" "$output"
contains "README.md, a bounce" "SUPPRESSED" \
    "$(courtesy check --customer cyd --channel email --purpose marketing || true)"

finish "README.md"
