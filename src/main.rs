//! Calls the library.

fn main() -> std::process::ExitCode {
    petrograd::commands::main(std::env::args_os())
}
