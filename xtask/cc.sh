#!/bin/sh
# `cc`, installed first where it is missing and may be. Rust links with it; SQLite, OpenSSL and zstd are compiled by it.
# OpenSSL, under SQLCipher, is configured by perl and built by make: they are looked after with it, as whoever compiles
# OpenSSL links its build script first.
set -eu

# What the work at hand lacks, in words and as Debian's packages.
lacking() {
    lacks="" packages=""
    cc --version >/dev/null 2>&1 || lacks="$lacks, a C compiler (cc)" packages="$packages gcc libc6-dev"
    # Asked at every link it would cost more than the link. Where something is missing, everything is named at once.
    case "$lacks$args" in --version | *openssl* | ,*) ;; *) return ;; esac
    make --version >/dev/null 2>&1 || lacks="$lacks, make" packages="$packages make"
    # Debian's perl-base is always there, without these modules of perl's own.
    perl -MFindBin -MIPC::Cmd -MFile::Compare -MFile::Copy -e 1 >/dev/null 2>&1 ||
        lacks="$lacks, perl with its core modules" packages="$packages perl"
}

missing() {
    echo "cc.sh: missing${lacks#,}, which linking, SQLite and OpenSSL need; install with: $1" >&2
    exit 1
}

args="$*"
lacking
if [ -n "$lacks" ]; then
    if [ "$(uname -s)" = Darwin ]; then
        missing "xcode-select --install"
    elif ! command -v apt-get >/dev/null; then
        missing "gcc, the C library's headers, make and perl, from your system's packages"
    elif [ "$(id -u)" != 0 ]; then
        missing "sudo apt-get update && sudo apt-get install$packages"
    fi
    # Cargo starts several links at once: one of them installs, the others wait for it.
    {
        flock 9
        lacking
        if [ -n "$lacks" ]; then
            echo "cc.sh: missing${lacks#,}: installing Debian's$packages" >&2
            apt-get update >&2
            # shellcheck disable=SC2086 # several words
            DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages >&2
        fi
    } 9<"$0"
fi

exec cc "$@"
