#!/bin/sh
# `cc`, installed first where it is missing and may be. Rust links with it; SQLite and zstd are compiled by it.
set -eu

works() { cc --version >/dev/null 2>&1; }

missing() {
    echo "cc.sh: no C compiler (cc), which linking and SQLite need; install one: $1" >&2
    exit 1
}

if ! works; then
    if [ "$(uname -s)" = Darwin ]; then
        missing "xcode-select --install"
    elif ! command -v apt-get >/dev/null; then
        missing "gcc and the C library's headers, from your system's packages"
    elif [ "$(id -u)" != 0 ]; then
        missing "sudo apt-get update && sudo apt-get install gcc libc6-dev"
    fi
    # Cargo starts several links at once: one of them installs, the others wait for it.
    {
        flock 9
        if ! works; then
            echo "cc.sh: no C compiler (cc): installing Debian's gcc and libc6-dev" >&2
            apt-get update >&2
            DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev >&2
        fi
    } 9<"$0"
fi

exec cc "$@"
