# Daily habits. `just` names them; `cargo xtask help` tells more.

_list:
    @just --list --unsorted

# Set everything up, simulate a small network and serve its dashboard
demo *options:
    cargo xtask demo {{ options }}

# Every check and test; `just test --only browser` for one step
test *options:
    cargo xtask test {{ options }}

# Build site and server; `just build --release` for production
build *options:
    cargo xtask build {{ options }}

# Build, and serve a store: `just serve --database sqlite://data/gridspark.db`
serve *options: build
    cargo run --package gridspark -- serve {{ options }}

# The tests of one crate: `just unit model`
unit crate *options:
    cargo nextest run --package {{ crate }} {{ options }}

# The browser tests, against what was built last; `just browser --headed list`
browser *options:
    npx --no-install playwright test --config end2end/playwright.config.ts {{ options }}

# Run a crate's tests again whenever one of its files is saved: `just watch model`
watch crate:
    #!/usr/bin/env bash
    # Ends with 2, to be started again, where a file was added.
    until git ls-files --cached --others --exclude-standard {{ crate }} crates/{{ crate }} | entr -cd cargo nextest run --package {{ crate }}; do
        test $? -eq 2 || break
    done

# The handbook, into target/handbook, and every link of it and of the pages beside it
book:
    cargo xtask test --only book

# The handbook's pictures, taken anew in Chromium
pictures: build
    GRIDSPARK_TAKE_PICTURES=1 npx --no-install playwright test --config end2end/playwright.config.ts --project=desktop pictures

# The handbook's pages that are made from the code: settings, commands, figures, notes on the data
reference:
    GRIDSPARK_WRITE_REFERENCE=1 cargo nextest run --package gridspark --package app reference

# No warnings, native and WebAssembly, and the spelling
lint:
    cargo xtask test --only spelling --only lint --only docs

# Format the code
fmt:
    cargo fmt --all

# Licences, sources, bans and advisories of the dependencies
audit:
    cargo xtask test --only dependencies

# Build the image with buildah, compiling in it, and run it with podman, as root
image:
    cargo xtask image

# List the parts that server and page are built from
sbom *options:
    cargo xtask sbom {{ options }}

# The benchmarks, as tables; on a quiet machine
bench:
    cargo bench --package model --bench spark
    cargo bench --package model --bench switching
    cargo bench --package model --bench gridspark
    cargo bench --package readings --bench import
    cargo bench --package gridspark --bench fleet
    cargo bench --package gridspark --bench workers
    cargo bench --package gridspark --bench source
    cargo bench --package gridspark --bench weekly
    cargo bench --package gridspark --bench pages
    cargo bench --package gridspark --bench identity

# How long a person waits for list and chart on a slow device and network, with a served store: `just bench-browser http://127.0.0.1:8000`
bench-browser address:
    npx --no-install esbuild end2end/bench/first-visit.ts --bundle --platform=node --format=esm --packages=external --log-level=warning | node --input-type=module - {{ address }}

# How smoothly a chart follows a slider, with a served store and a box of it that has a forecast
bench-slider address box:
    npx --no-install esbuild end2end/bench/slider.ts --bundle --platform=node --format=esm --packages=external --log-level=warning | node --input-type=module - {{ address }} {{ box }}

# Mutated files through every parser, then mutated tokens, headers, settings and requests, 20 seconds each: `just fuzz --inputs 1000000`, `just fuzz --target boxes --seconds 300`
fuzz *options:
    cargo run --release --package readings --example fuzz -- {{ options }}
    cargo run --release --package gridspark --example fuzz_requests -- {{ options }}

# Judge forecasts on real loads beside the checkout: `just backtest gridspark spark --horizons`
backtest *options:
    cargo run --release --package backtest --example shared_data -- {{ options }}

# Judge forecasts of simulated fleets that grow, and of the real loads, beside what is asked of them: `just bench-growth --boxes 200 --fleet exponential-7`
bench-growth *options:
    cargo run --release --package backtest --example growth -- {{ options }}

# Prophet and PyMC's NUTS beside ours on the same real loads: ratios of time and score; `just bench-peers --series 2`
bench-peers *options:
    #!/usr/bin/env bash
    set -euo pipefail
    if [ ! -x target/peers/bin/python ]; then
        for python in python3.13 python3.12 python3.11 python3; do "$python" -c '' 2>/dev/null && break; done
        "$python" -m venv target/peers
    fi
    target/peers/bin/pip install --quiet --requirement crates/backtest/peers/requirements.txt
    target/peers/bin/python crates/backtest/peers/compare.py {{ options }}

# The model card and its figures, made anew from backtests of the real loads and of simulated fleets (exit code 3: series were left out)
model-card:
    cargo build --release --package gridspark
    mkdir -p target/model-card
    target/release/gridspark backtest --plan crates/backtest/plans/real_loads.toml --json > target/model-card/1-real.json || test $? -eq 3
    target/release/gridspark backtest --plan crates/backtest/plans/short_histories.toml --keep-last 30 --json > target/model-card/2-short.json || test $? -eq 3
    target/release/gridspark backtest --plan crates/backtest/plans/short_histories.toml --keep-last 60 --json > target/model-card/3-short.json || test $? -eq 3
    target/release/gridspark backtest --plan crates/backtest/plans/real_loads.toml --threshold 0.8 --json > target/model-card/4-limit.json || test $? -eq 3
    target/release/gridspark backtest --plan crates/backtest/plans/real_loads.toml --leave-out-switchings --json > target/model-card/5-switchings.json || test $? -eq 3
    target/release/gridspark backtest --plan crates/backtest/plans/real_loads.toml --horizon 53 --json > target/model-card/7-further.json || test $? -eq 3
    cargo run --release --package backtest --example growth -- --simulated --json target/model-card/6-growth.json
    target/release/gridspark model-card --from target/model-card/*.json --out docs/model-card.md --keep docs/model-card.json

# Remove what was built, not the data
clean:
    cargo clean
    rm -rf site artefacts node_modules
