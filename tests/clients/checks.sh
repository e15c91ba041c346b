# What the parts in bash have in common: one line for each check that fails, and a sum at the end.

checked=0
failed=0

check() { # check NAME EXPECTED GOT
    checked=$((checked + 1))
    [ "$2" = "$3" ] || fail "$1" "$2" "$3"
}

contains() { # contains NAME FRAGMENT TEXT
    checked=$((checked + 1))
    [[ $3 == *"$2"* ]] || fail "$1" "something with $2" "$3"
}

lacks() { # lacks NAME FRAGMENT TEXT
    checked=$((checked + 1))
    [[ $3 != *"$2"* ]] || fail "$1" "nothing with $2" "$3"
}

fail() { # fail NAME EXPECTED GOT
    failed=$((failed + 1))
    local got=${3//$'\n'/\\n}
    printf 'FAILED %s: expected %s, got %s\n' "$1" "$2" "${got:0:600}"
}

finish() { # finish PART
    printf '%s: %d checks, %d failed\n' "$1" "$checked" "$failed"
    [ "$failed" -eq 0 ]
}
