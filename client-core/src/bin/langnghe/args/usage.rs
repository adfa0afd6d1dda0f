//! Help and usage errors in the user's language: the parser's own words are English.

use std::error::Error;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

const WITH_COMMANDS: &str = "{about-with-newline}\nCách dùng: {usage}\n\n{all-args}{after-help}";

/// The whole tree with Vietnamese headings and help flags.
pub fn in_vietnamese(command: Command) -> Command {
    fn dress(command: Command, root: bool) -> Command {
        let command = command
            .help_template(WITH_COMMANDS)
            .subcommand_help_heading("Lệnh")
            .subcommand_value_name("LỆNH")
            .disable_help_subcommand(true)
            .disable_help_flag(true)
            .disable_version_flag(true)
            .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help("In trợ giúp"))
            .mut_args(|arg| {
                let heading = if arg.is_positional() { "Tham số" } else { "Tuỳ chọn" };
                arg.help_heading(heading)
            })
            .mut_subcommands(|sub| dress(sub, false));
        if root {
            command.arg(
                Arg::new("version")
                    .short('V')
                    .long("version")
                    .action(ArgAction::Version)
                    .help("In phiên bản")
                    .help_heading("Tuỳ chọn"),
            )
        } else {
            command
        }
    }
    dress(command, true)
}

/// One line for a usage error: what is wrong and where to look.
pub fn usage_line(error: &clap::Error) -> String {
    let named = |kind| error.get(kind).map(shown).unwrap_or_default();
    let arg = named(ContextKind::InvalidArg);
    let what = match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("thiếu {arg}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "thiếu lệnh".to_owned(),
        ErrorKind::InvalidSubcommand => format!("không có lệnh “{}”", named(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("không có tham số “{arg}” ở lệnh này"),
        ErrorKind::ArgumentConflict => match named(ContextKind::PriorArg) {
            prior if prior.is_empty() || prior == arg => format!("{arg} chỉ được ghi một lần"),
            prior => format!("{arg} không đi cùng {prior}"),
        },
        ErrorKind::InvalidValue if named(ContextKind::InvalidValue).is_empty() => format!("{arg} cần một giá trị"),
        ErrorKind::InvalidValue => {
            let known = named(ContextKind::ValidValue);
            format!("{arg}: không có giá trị “{}”; dùng một trong: {known}", named(ContextKind::InvalidValue))
        }
        ErrorKind::ValueValidation => match error.source() {
            Some(reason) => format!("{arg}: {reason}"),
            None => format!("{arg}: giá trị không đọc được"),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{arg} không đúng số giá trị")
        }
        _ => "câu lệnh không đọc được".to_owned(),
    };
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg];
    let near = near.into_iter().map(named).find(|n| !n.is_empty());
    let near = near.map(|n| format!("; có phải là “{n}” không")).unwrap_or_default();
    format!("{what}{near}; xem cách dùng bằng --help")
}

fn shown(value: &ContextValue) -> String {
    let plain = |s: &StyledStr| s.to_string();
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => plain(text),
        ContextValue::StyledStrs(texts) => texts.iter().map(plain).collect::<Vec<_>>().join(", "),
        ContextValue::Number(n) => n.to_string(),
        _ => String::new(),
    }
}
