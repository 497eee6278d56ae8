//! Flags as Go's pflag reads them, for the modes that stand in for another program: its spellings, its errors.

use std::collections::HashMap;

/// What a flag takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Takes {
    /// Nothing, or `=true` and `=false`.
    Bool,
    /// One value; the last wins.
    Text,
    /// One value each time.
    Array,
    /// Values parted by commas, in the manner of CSV, each time.
    Slice,
    /// One value behind `=`, or this one where there is no `=`.
    Optional(&'static str),
}

/// One flag: its long name, its letter if it has one, what it takes.
pub(super) type Flag = (&'static str, Option<char>, Takes);

/// What stood on a command line.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// The values of each flag that was given, in order.
    values: HashMap<&'static str, Vec<String>>,
    /// What is no flag.
    pub arguments: Vec<String>,
}

impl Parsed {
    /// The last value of a flag.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.last().map(String::as_str)
    }

    /// All values of a flag.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.values.get(name).cloned().unwrap_or_default()
    }

    /// Whether a switch is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// Whether a flag was given at all.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }
}

/// Reads arguments; flags and others may mix, and `--` ends the flags.
///
/// # Errors
/// The first mistake, in pflag's words.
pub(super) fn parse(flags: &[Flag], arguments: impl IntoIterator<Item = String>) -> Result<Parsed, String> {
    let mut parsed = Parsed::default();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            parsed.arguments.extend(arguments);
            break;
        }
        if let Some(long) = argument.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            if name.is_empty() || name.starts_with('-') {
                return Err(format!("bad flag syntax: {argument}"));
            }
            let Some(&flag) = flags.iter().find(|f| f.0 == name) else {
                return Err(format!("unknown flag: --{name}"));
            };
            let value = match (value, flag.2) {
                (Some(value), _) => value,
                (None, Takes::Bool) => "true".to_owned(),
                (None, Takes::Optional(default)) => default.to_owned(),
                (None, _) => arguments.next().ok_or_else(|| format!("flag needs an argument: --{name}"))?,
            };
            set(&mut parsed, flag, value)?;
        } else if argument.len() > 1 && argument.starts_with('-') {
            letters(flags, &argument, &mut arguments, &mut parsed)?;
        } else {
            parsed.arguments.push(argument);
        }
    }
    Ok(parsed)
}

/// Letters may stand together; the first that takes a value takes the rest.
fn letters(
    flags: &[Flag],
    argument: &str,
    arguments: &mut impl Iterator<Item = String>,
    parsed: &mut Parsed,
) -> Result<(), String> {
    let mut rest = &argument[1..];
    while let Some(letter) = rest.chars().next() {
        let Some(&flag) = flags.iter().find(|f| f.1 == Some(letter)) else {
            return Err(format!("unknown shorthand flag: '{letter}' in -{rest}"));
        };
        let after = &rest[letter.len_utf8()..];
        if let Some(value) = after.strip_prefix('=') {
            return set(parsed, flag, value.to_owned());
        }
        match flag.2 {
            Takes::Bool => set(parsed, flag, "true".to_owned())?,
            Takes::Optional(default) => set(parsed, flag, default.to_owned())?,
            _ if !after.is_empty() => return set(parsed, flag, after.to_owned()),
            _ => {
                let value = arguments
                    .next()
                    .ok_or_else(|| format!("flag needs an argument: '{letter}' in -{rest}"))?;
                return set(parsed, flag, value);
            }
        }
        rest = after;
    }
    Ok(())
}

fn set(parsed: &mut Parsed, (name, letter, takes): Flag, value: String) -> Result<(), String> {
    let into = parsed.values.entry(name).or_default();
    match takes {
        Takes::Bool => match &*value {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => into.push("true".to_owned()),
            "0" | "f" | "F" | "FALSE" | "false" | "False" => into.push("false".to_owned()),
            _ => {
                let quoted = gotmpl::strconv::quote(value.as_bytes());
                let flag = letter.map_or(format!("--{name}"), |letter| format!("-{letter}, --{name}"));
                return Err(format!(
                    "invalid argument {quoted} for \"{flag}\" flag: strconv.ParseBool: parsing {quoted}: invalid syntax"
                ));
            }
        },
        Takes::Text | Takes::Array | Takes::Optional(_) => into.push(value),
        Takes::Slice => into.extend(comma_separated(&value)),
    }
    Ok(())
}

/// One line of CSV: commas part, quotes hold commas, a doubled quote is one.
fn comma_separated(line: &str) -> Vec<String> {
    if line.is_empty() {
        return Vec::new();
    }
    let mut all = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        let last = all.len() - 1;
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                all[last].push('"');
            }
            '"' if quoted => quoted = false,
            '"' if all[last].is_empty() => quoted = true,
            ',' if !quoted => all.push(String::new()),
            c => all[last].push(c),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAGS: &[Flag] = &[
        ("set", None, Takes::Array),
        ("values", Some('f'), Takes::Slice),
        ("debug", None, Takes::Bool),
        ("generate-name", Some('g'), Takes::Bool),
        ("dry-run", None, Takes::Optional("unset")),
    ];

    fn read(arguments: &[&str]) -> Result<Parsed, String> {
        parse(FLAGS, arguments.iter().map(|a| (*a).to_owned()))
    }

    #[test]
    fn flags_and_arguments_mix() {
        let parsed = read(&["a", "--set", "x=1,y=2", "-f", "p,\"q,r\"", "b", "-gf=s", "--dry-run", "c"])
            .expect("parsed");
        assert_eq!(parsed.arguments, ["a", "b", "c"]);
        assert_eq!(parsed.all("set"), ["x=1,y=2"]);
        assert_eq!(parsed.all("values"), ["p", "q,r", "s"]);
        assert_eq!(parsed.text("dry-run"), Some("unset"));
        assert!(parsed.is_on("generate-name") && !parsed.is_on("debug"));
        assert!(!read(&["--debug=false"]).expect("parsed").is_on("debug"));
        assert_eq!(read(&["--", "--debug"]).expect("parsed").arguments, ["--debug"]);
    }

    #[test]
    fn mistakes_are_told_in_the_words_of_pflag() {
        for (arguments, says) in [
            (&["--nope"][..], "unknown flag: --nope"),
            (&["--set"], "flag needs an argument: --set"),
            (&["-z"], "unknown shorthand flag: 'z' in -z"),
            (
                &["--debug=x"],
                "invalid argument \"x\" for \"--debug\" flag: strconv.ParseBool: parsing \"x\": invalid syntax",
            ),
        ] {
            assert_eq!(read(arguments).expect_err("mistake"), says);
        }
    }
}
