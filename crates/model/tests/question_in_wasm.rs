//! The same answer natively and in the browser: a program that holds the native figures is built for
//! WebAssembly, run by Node.js, and traps where its own figures differ.

#[path = "question/figures.rs"]
mod figures;

use std::fs;
use std::path::Path;
use std::process::Command;

const PROGRAM: &str = r"
mod expected;
mod figures;

fn main() {
    let figures = figures::figures().unwrap();
    assert_eq!(figures.len(), expected::FIGURES.len());
    for (here, native) in figures.iter().zip(expected::FIGURES) {
        assert!((here - native).abs() <= 1e-9 * native.abs().max(1.0));
    }
}
";

const MANIFEST: &str = r#"
[package]
name = "question-in-wasm"
version = "0.0.0"
edition = "2024"

[dependencies]
model = { path = "MODEL" }

[profile.dev]
debug = false
opt-level = 1

[workspace]
"#;

/// Instantiates the program without any imports and calls its main function.
const RUNNER: &str = "
const bytes = require('node:fs').readFileSync(process.argv[1]);
WebAssembly.instantiate(bytes, {}).then(({ instance }) => process.exit(instance.exports.main(0, 0)));
";

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Whether the compiler has the target's standard library.
fn has_target() -> bool {
    let arguments = ["--print", "target-libdir", "--target", "wasm32-unknown-unknown"];
    let output = Command::new("rustc").args(arguments).output();
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

#[test]
fn the_answer_is_the_same_in_webassembly() {
    if !has_target() || !succeeds(Command::new("node").arg("--version")) {
        println!("skipped: needs Node.js and the target wasm32-unknown-unknown");
        return;
    }
    let model = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("question-in-wasm");
    let source = folder.join("src");
    fs::create_dir_all(&source).unwrap();
    let expected = format!("pub const FIGURES: &[f64] = &{:?};\n", figures::figures().unwrap());
    fs::write(source.join("expected.rs"), expected).unwrap();
    fs::write(source.join("main.rs"), PROGRAM).unwrap();
    fs::copy(model.join("tests/question/figures.rs"), source.join("figures.rs")).unwrap();
    fs::copy(model.join("../../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    fs::write(folder.join("Cargo.toml"), MANIFEST.replace("MODEL", &model.to_string_lossy())).unwrap();

    let target = folder.join("target");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--target", "wasm32-unknown-unknown", "--target-dir"])
        .arg(&target)
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let program = target.join("wasm32-unknown-unknown/debug/question-in-wasm.wasm");
    let run = Command::new("node").args(["-e", RUNNER]).arg(&program).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}
