//! The help of the command line in any language: clap writes it from the commands' comments, which
//! are messages of the catalogue like all others.

use clap::builder::{PossibleValue, StyledStr};
use clap::{Arg, Command};

use crate::catalogue::Catalogue;
use crate::tr;

/// The command line with its help in the language of a catalogue.
pub fn speaking(mut command: Command, words: &Catalogue) -> Command {
    // Gives each command its flag for help, so that it is translated like the rest.
    command.build();
    translated(command, words)
}

/// Everything that the help says and translators know: comments, and names of values.
pub fn messages(command: &Command) -> Vec<String> {
    let mut said: Vec<String> =
        [command.get_about(), command.get_long_about()].into_iter().flatten().map(StyledStr::to_string).collect();
    for arg in command.get_arguments() {
        said.extend([arg.get_help(), arg.get_long_help()].into_iter().flatten().map(StyledStr::to_string));
        if takes_value(arg) {
            said.extend(arg.get_value_names().into_iter().flatten().map(|name| name.to_string()));
            said.extend(shown_values(arg).iter().filter_map(PossibleValue::get_help).map(StyledStr::to_string));
        }
    }
    said.extend(command.get_subcommands().flat_map(messages));
    said
}

fn translated(command: Command, words: &Catalogue) -> Command {
    let say = |text: Option<&StyledStr>| text.map(|text| words.text(&text.to_string()).to_owned());
    let (about, long_about) = (say(command.get_about()), say(command.get_long_about()));
    let mut command = command.mut_args(|arg| argument(arg, words)).mut_subcommands(|sub| translated(sub, words));
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(long_about) = long_about {
        command = command.long_about(long_about);
    }
    let command = command.subcommand_value_name(tr!(words, "COMMAND"));
    let usage = usage(&command, words);
    let template = template(&command, words);
    command.override_usage(usage).help_template(template)
}

/// `petrograd check [OPTIONS] [STORY]`; clap writes it, but for two words.
fn usage(command: &Command, words: &Catalogue) -> String {
    let usage = command.clone().render_usage().to_string();
    let lines = usage.trim_start_matches("Usage:").trim().replace("[OPTIONS]", &tr!(words, "[OPTIONS]"));
    // Further lines stand below the first, whatever the word for usage.
    let indent = format!("\n{}", " ".repeat(tr!(words, "Usage:").chars().count() + 1));
    lines.lines().map(str::trim).collect::<Vec<_>>().join(&indent)
}

/// What the help consists of, under headings of ours.
fn template(command: &Command, words: &Catalogue) -> String {
    let mut parts = vec!["{about}".to_owned(), format!("{} {{usage}}", tr!(words, "Usage:"))];
    let mut part = |heading: String, tag: &str| parts.push(format!("{heading}\n{{{tag}}}"));
    if command.has_subcommands() {
        part(tr!(words, "Commands:"), "subcommands");
    }
    if command.get_positionals().next().is_some() {
        part(tr!(words, "Arguments:"), "positionals");
    }
    part(tr!(words, "Options:"), "options");
    parts.join("\n\n")
}

fn argument(arg: Arg, words: &Catalogue) -> Arg {
    let say = |text: &StyledStr| words.text(&text.to_string()).to_owned();
    let (short, long) = (arg.get_help().map(say), arg.get_long_help().map(say));
    if !takes_value(&arg) {
        let arg = if let Some(short) = short { arg.help(short) } else { arg };
        return if let Some(long) = long { arg.long_help(long) } else { arg };
    }
    let names: Vec<String> =
        arg.get_value_names().into_iter().flatten().map(|name| words.text(name).to_owned()).collect();
    let (default, values) = (default(&arg, words), shown_values(&arg));
    let short = short.unwrap_or_default();
    let list = listed(&values, words);
    let is_explained = values.iter().any(|value| value.get_help().is_some());
    let whole = long.clone().unwrap_or_else(|| short.clone());
    let whole =
        [Some(whole), list.clone().filter(|_| is_explained).map(|_| explained(&values, words)), default.clone()];
    let arg = if long.is_some() || is_explained {
        arg.long_help(whole.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
    } else {
        arg
    };
    let short: Vec<String> = [Some(short), default, list].into_iter().flatten().collect();
    let arg = if names.is_empty() { arg } else { arg.value_names(names) };
    arg.help(short.join(" ")).hide_default_value(true).hide_possible_values(true)
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

/// The values that an argument can have, where they can be counted.
fn shown_values(arg: &Arg) -> Vec<PossibleValue> {
    arg.get_possible_values().into_iter().filter(|value| !value.is_hide_set()).collect()
}

fn default(arg: &Arg, words: &Catalogue) -> Option<String> {
    let values: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    (!values.is_empty()).then(|| tr!(words, "[default: {value}]", value = values.join(", ")))
}

fn listed(values: &[PossibleValue], words: &Catalogue) -> Option<String> {
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    (!names.is_empty()).then(|| tr!(words, "[possible values: {values}]", values = names.join(", ")))
}

fn explained(values: &[PossibleValue], words: &Catalogue) -> String {
    let mut lines = vec![tr!(words, "Possible values:")];
    for value in values {
        let help = value.get_help().map_or(String::new(), StyledStr::to_string);
        lines.push(format!("- {}: {}", value.get_name(), words.text(&help)).trim_end_matches(": ").to_owned());
    }
    lines.join("\n")
}
