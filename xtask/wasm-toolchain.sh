#!/usr/bin/env bash
# What a build of Rust and C (SQLite, SQLCipher, zstd) for wasm32-unknown-unknown needs, fetched into the user's cache,
# where all checkouts share it. Needs no root; done again it does nothing. Prints the file of variables to load.
#
#   xtask/wasm-toolchain.sh        NAME=VALUE, one a line
#
# LANGNGHE_WASM_TOOLCHAIN  the folder (else <cache>/langnghe/wasm-toolchain)
# LANGNGHE_WASM_ROUTE      auto, rustup or debian (else auto: rustup's target, or where rustup's server is out of reach a
#                          rustc of Debian's next release)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${LANGNGHE_WASM_TOOLCHAIN:-${XDG_CACHE_HOME:-$HOME/.cache}/langnghe/wasm-toolchain}
wanted_route=${LANGNGHE_WASM_ROUTE:-auto}
suite=forky
target=wasm32-unknown-unknown
# The program must be of the crate's version: they speak to each other.
bindgen=$(awk '/^name = "wasm-bindgen"$/ {getline; gsub(/"/, "", $3); print $3; exit}' "$here/Cargo.lock")
log() { echo "wasm-toolchain: $*" >&2; }
[ -n "$bindgen" ] || { log "no wasm-bindgen in Cargo.lock"; exit 1; }
root=$folder/root bin=$folder/bin
mkdir -p "$root" "$bin"

# Two builds at once must not unpack over each other. (macOS has no flock: there nothing is unpacked.)
exec 9>"$folder/.lock"
! command -v flock >/dev/null || flock 9

# ---- which rustc
has_target() { command -v rustup >/dev/null && rustup target list --installed 2>/dev/null | grep -qx "$target"; }
route=
if [ "$wanted_route" != debian ]; then
    if has_target || { command -v rustup >/dev/null && timeout 180 rustup target add "$target" >&2 && has_target; }; then
        route=rustup
    elif [ "$wanted_route" = rustup ]; then
        log "'rustup target add $target' failed"
        exit 1
    fi
fi
: "${route:=debian}"

if ! command -v apt-get >/dev/null; then
    # Not Debian: the C compiler and wasm-opt are the system's own.
    for program in clang llvm-ar wasm-opt; do
        command -v $program >/dev/null && continue
        log "missing $program: install LLVM (with clang, able to build for wasm32) and Binaryen, for instance: brew install llvm binaryen"
        exit 1
    done
    clang=$(command -v clang) ar=$(command -v llvm-ar) opt=$(command -v wasm-opt)
else
    # ---- Debian packages, unpacked and not installed: they are of a newer Debian than the system, so each program is started
    # through the unpacked loader, and nothing outside the folder is linked.
    apt_options=(
        -o "Dir::Etc::sourcelist=$folder/apt/src.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::Lists=$folder/apt/lists" -o "Dir::State::status=$folder/apt/status"
        -o "Dir::Cache=$folder/apt/cache" -o Acquire::Languages=none -o APT::Sandbox::User=
        -o "Dir::Log=$folder/apt/log" -o Debug::NoLocking=1 -o APT::Get::List-Cleanup=0)
    stamp=$folder/.unpacked-$route
    if [ ! -e "$stamp" ]; then
        mkdir -p "$folder"/apt/{lists/partial,cache/archives/partial,log,debs}
        : >"$folder/apt/status"
        # Where this system gets Debian itself from.
        mirror() { apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' | awk '$2 == "Debian" {print $1; exit}'; }
        [ -n "$(mirror)" ] || [ "$(id -u)" != 0 ] || apt-get update -qq >&2
        [ -n "$(mirror)" ] || { log "no Debian mirror known to apt: run 'apt-get update' once"; exit 1; }
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) $suite main" >"$folder/apt/src.list"
        apt-get "${apt_options[@]}" -qq update >&2
        depends() { apt-cache "${apt_options[@]}" depends "$1" | sed -n "s/^ *|\{0,1\}Depends: \($2\)\$/\1/p" | head -1; }
        if [ $route = debian ]; then
            std=$(depends libstd-rust-dev 'libstd-rust-[0-9.]*')
            llvm=$(depends "$std" 'libllvm[0-9]*') version=
            version=${llvm#libllvm}
            # rustc's own closure would bring gcc: it is taken alone.
            closure=(libstd-rust-dev libstd-rust-dev-wasm32 "lld-$version" "libclang-cpp$version" binaryen)
            alone=(rustc "clang-$version" "libclang-common-$version-dev" "llvm-$version")
        else
            version=22
            apt-cache "${apt_options[@]}" show clang-$version >/dev/null 2>&1 || version=21
            closure=("lld-$version" "libclang-cpp$version" binaryen)
            alone=("clang-$version" "libclang-common-$version-dev" "llvm-$version")
        fi
        # Names and versions as apt resolves them against an empty system.
        mapfile -t packages < <(apt-get "${apt_options[@]}" -qq -s --no-install-recommends install "${closure[@]}" |
            sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1=\2/p')
        [ ${#packages[@]} -gt 0 ]
        log "downloading ${#packages[@]} + ${#alone[@]} packages of Debian $suite"
        # apt checks them against the signed list.
        (cd "$folder/apt/debs" && apt-get "${apt_options[@]}" -qq download "${packages[@]}" "${alone[@]}" >&2)
        for package in "$folder"/apt/debs/*.deb; do dpkg -x "$package" "$root"; done
        echo "$version" >"$folder/llvm-version"
        # What such a build never needs.
        rm -rf "$folder/apt" "$root"/usr/lib/rustlib/wasm32-wasip* "$root"/usr/lib/rustlib/wasm32v1-none \
            "$root"/usr/lib/rustlib/wasm32-unknown-emscripten "$root"/usr/share/{doc,man,locale} \
            "$root"/usr/lib/"llvm-$version"/{include,build} "$root"/usr/lib/x86_64-linux-gnu/{gconv,dri} \
            "$root"/usr/lib/"llvm-$version"/lib/*.a "$root"/usr/lib/"llvm-$version"/bin/llvm-exegesis
        touch "$stamp"
    fi
    version=$(cat "$folder/llvm-version")
    machine=$(uname -m)-linux-gnu
    loader=$(find -L "$root/usr/lib64" "$root/usr/lib/$machine" "$root/usr/lib" -maxdepth 1 -name 'ld-linux-*.so.*' 2>/dev/null | head -1)
    [ -x "$loader" ] || { log "no loader under $root"; exit 1; }
    libraries=$root/usr/lib/$machine:$root/lib/$machine:$root/usr/lib/llvm-$version/lib
    # wrap NAME PROGRAM [arguments]
    wrap() {
        local name=$1 program=$2
        shift 2
        printf '#!/bin/sh\nexec "%s" --argv0 "%s" --library-path "%s" "%s" %s "$@"\n' \
            "$loader" "$program" "$libraries" "$program" "$*" >"$bin/.$name"
        chmod +x "$bin/.$name"
        mv "$bin/.$name" "$bin/$name"
    }
    wrap clang "$root/usr/lib/llvm-$version/bin/clang" "-resource-dir '$root/usr/lib/llvm-$version/lib/clang/$version'"
    wrap wasm-ld "$root/usr/lib/llvm-$version/bin/wasm-ld"
    wrap llvm-ar "$root/usr/lib/llvm-$version/bin/llvm-ar"
    wrap wasm-opt "$root/usr/bin/wasm-opt"
    [ $route = rustup ] || wrap rustc "$root/usr/bin/rustc" "--sysroot '$root/usr'"
    clang=$bin/clang ar=$bin/llvm-ar opt=$bin/wasm-opt
fi

# ---- wasm-bindgen, built with the machine's own toolchain
if [ "$("$folder/cargo/bin/wasm-bindgen" --version 2>/dev/null | awk '{print $2}')" != "$bindgen" ]; then
    log "cargo install wasm-bindgen-cli $bindgen"
    install_bindgen() {
        env -u RUSTC -u CARGO_BUILD_TARGET CARGO_TARGET_DIR="$folder/cargo-build" cargo install -q "$@" \
            --no-default-features --root "$folder/cargo" --bin wasm-bindgen --version "=$bindgen" wasm-bindgen-cli >&2
    }
    # Its own lock file may name versions that the registry in use does not serve.
    install_bindgen --locked || install_bindgen
    rm -rf "$folder/cargo-build"
fi

{
    if [ $route = debian ]; then
        echo "RUSTC=$bin/rustc"
        echo "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$bin/wasm-ld"
    fi
    echo "CC_wasm32_unknown_unknown=$clang"
    echo "AR_wasm32_unknown_unknown=$ar"
    echo "WASM_OPT=$opt"
    echo "WASM_BINDGEN=$folder/cargo/bin/wasm-bindgen"
} >"$folder/variables.new"
mv "$folder/variables.new" "$folder/variables"
echo "$folder/variables"
