//! What is wrong with a command line, in any language.

use clap::Error;
use clap::error::{ContextKind, ErrorKind};

use crate::catalogue::Catalogue;
use crate::tr;

/// Says what is wrong, how the command is used, and where to read more.
pub fn refusal(error: &Error, words: &Catalogue) -> String {
    let mut parts = vec![format!("{}: {}", tr!(words, "error"), wrong(error, words))];
    parts.extend(near(error, words));
    if let Some(usage) = get(error, ContextKind::Usage) {
        let usage = usage.trim_start_matches("Usage:").trim().to_owned();
        parts.push(format!("{} {usage}", tr!(words, "Usage:")));
    }
    parts.push(tr!(words, "For more, try `--help`."));
    parts.join("\n\n") + "\n"
}

fn get(error: &Error, kind: ContextKind) -> Option<String> {
    error.get(kind).map(|value| value.to_string()).filter(|value| !value.is_empty())
}

fn wrong(error: &Error, words: &Catalogue) -> String {
    let arg = get(error, ContextKind::InvalidArg).or_else(|| get(error, ContextKind::InvalidSubcommand));
    let arg = arg.unwrap_or_default();
    let value = get(error, ContextKind::InvalidValue);
    match (error.kind(), value) {
        (ErrorKind::UnknownArgument, _) => tr!(words, "there is no option `{option}` here", option = arg),
        (ErrorKind::InvalidSubcommand, _) => tr!(words, "there is no command `{command}`", command = arg),
        (ErrorKind::MissingRequiredArgument, _) => tr!(words, "this is missing: {arguments}", arguments = arg),
        (ErrorKind::ArgumentConflict, _) => match get(error, ContextKind::PriorArg) {
            Some(other) if other != arg => {
                tr!(words, "`{argument}` doesn't go together with `{other}`", argument = arg, other = other)
            }
            _ => tr!(words, "`{argument}` can be given only once", argument = arg),
        },
        (ErrorKind::InvalidValue | ErrorKind::ValueValidation, Some(value)) => {
            match get(error, ContextKind::ValidValue) {
                Some(values) => tr!(
                    words,
                    "`{value}` is no value for `{argument}`, which takes: {values}",
                    value = value,
                    argument = arg,
                    values = values
                ),
                None => tr!(words, "`{value}` is no value for `{argument}`", value = value, argument = arg),
            }
        }
        (ErrorKind::InvalidValue | ErrorKind::TooFewValues | ErrorKind::NoEquals, None) => {
            tr!(words, "`{argument}` needs a value", argument = arg)
        }
        (ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues, Some(value)) => {
            tr!(words, "`{value}` is one value too many for `{argument}`", value = value, argument = arg)
        }
        (ErrorKind::InvalidUtf8, _) => tr!(words, "what stands there is not UTF-8"),
        _ => tr!(words, "this can't be understood"),
    }
}

fn near(error: &Error, words: &Catalogue) -> Option<String> {
    let kinds = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let near = kinds.into_iter().find_map(|kind| get(error, kind))?;
    Some(format!("  {}: {}", tr!(words, "help"), tr!(words, "did you mean `{near}`?", near = near)))
}
