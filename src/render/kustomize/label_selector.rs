//! Label selectors as kubectl writes them: `app=web,tier in (a,b),!debug`.

use std::collections::BTreeSet;

/// A label selector, read.
///
/// ```
/// use plimsoll::render::kustomize::LabelSelector;
/// let selector = LabelSelector::parse("app=web,tier notin (db),!debug").unwrap();
/// let labels = |key: &str| match key { "app" => Some("web"), _ => None };
/// assert!(selector.matches(labels));
/// assert_eq!(LabelSelector::parse("a b").unwrap_err(),
///            "unable to parse requirement: found 'b', expected: '=', '!=', '==', 'in', notin'");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
    values: BTreeSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    Missing,
    Greater,
    Less,
}

impl LabelSelector {
    /// Reads a selector; the empty one selects everything. The error is that of k8s.io/apimachinery's labels.Parse, as
    /// kyaml 0.21 carries it.
    pub fn parse(text: &str) -> Result<LabelSelector, String> {
        let mut parser = Parser { tokens: tokens(text), at: 0 };
        let mut requirements = Vec::new();
        loop {
            match parser.peek() {
                Token::Word(_) | Token::Symbol("!") => {}
                Token::End => return Ok(LabelSelector { requirements }),
                other => {
                    return Err(format!(
                        "found '{}', expected: !, identifier, or 'end of string'",
                        other.text()
                    ));
                }
            }
            let one = parser.requirement().map_err(|e| format!("unable to parse requirement: {e}"))?;
            requirements.push(one);
            match parser.next() {
                Token::End => return Ok(LabelSelector { requirements }),
                Token::Symbol(",") => match parser.peek() {
                    Token::Word(_) | Token::Symbol("!") => {}
                    other => return Err(format!("found '{}', expected: identifier after ','", other.text())),
                },
                other => {
                    return Err(format!("found '{}', expected: ',' or 'end of string'", other.text()));
                }
            }
        }
    }

    /// Whether labels, looked up by key, fit.
    pub fn matches<'l>(&self, labels: impl Fn(&str) -> Option<&'l str>) -> bool {
        self.requirements.iter().all(|one| {
            let value = labels(&one.key);
            let number = || {
                let wanted: i64 = one.values.first()?.parse().ok()?;
                Some((value?.parse::<i64>().ok()?, wanted))
            };
            match one.operator {
                Operator::In => value.is_some_and(|value| one.values.contains(value)),
                Operator::NotIn => value.is_none_or(|value| !one.values.contains(value)),
                Operator::Exists => value.is_some(),
                Operator::Missing => value.is_none(),
                Operator::Greater => number().is_some_and(|(is, wanted)| is > wanted),
                Operator::Less => number().is_some_and(|(is, wanted)| is < wanted),
            }
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Symbol(&'static str),
    Bad(String),
    End,
}

impl Token {
    fn text(&self) -> String {
        match self {
            Token::Word(word) => word.clone(),
            Token::Symbol(symbol) => (*symbol).to_owned(),
            Token::Bad(text) => format!("error expected: keyword found '{text}'"),
            Token::End => String::new(),
        }
    }
}

const SYMBOLS: [&str; 9] = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];

fn tokens(text: &str) -> Vec<Token> {
    let is_special = |c: char| "=!(),><".contains(c);
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let Some(first) = rest.chars().next().filter(|c| *c != '\0') else { break };
        if is_special(first) {
            // All of these begin with themselves, so one is always found.
            let symbol = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol));
            let length = symbol.map_or(first.len_utf8(), str::len);
            tokens.push(symbol.map_or_else(|| Token::Bad(first.into()), Token::Symbol));
            rest = &rest[length..];
        } else {
            let end = rest.find(|c: char| is_special(c) || " \t\r\n\0".contains(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        }
    }
    tokens.push(Token::End);
    tokens
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Token {
        self.tokens.get(self.at).cloned().unwrap_or(Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let mut token = self.next();
        let negated = token == Token::Symbol("!");
        if negated {
            token = self.next();
        }
        let Token::Word(key) = token else {
            return Err(format!("found '{}', expected: identifier", token.text()));
        };
        check_key(&key)?;
        let alone = matches!(self.peek(), Token::End | Token::Symbol(","));
        if negated || alone {
            let operator = if negated { Operator::Missing } else { Operator::Exists };
            return Ok(Requirement { key, operator, values: BTreeSet::new() });
        }
        let token = self.next();
        let operator = match &token {
            Token::Symbol("=" | "==") => Operator::In,
            Token::Symbol("!=") => Operator::NotIn,
            Token::Symbol(">") => Operator::Greater,
            Token::Symbol("<") => Operator::Less,
            Token::Word(word) if word == "in" => Operator::In,
            Token::Word(word) if word == "notin" => Operator::NotIn,
            other => {
                return Err(format!("found '{}', expected: '=', '!=', '==', 'in', notin'", other.text()));
            }
        };
        let values = if matches!(token, Token::Word(_)) { self.values()? } else { self.exact_value()? };
        if matches!(operator, Operator::Greater | Operator::Less)
            && values.iter().any(|value| value.parse::<i64>().is_err())
        {
            return Err("for 'Gt', 'Lt' operators, the value must be an integer".to_owned());
        }
        for value in &values {
            check_value(&key, value)?;
        }
        Ok(Requirement { key, operator, values })
    }

    fn exact_value(&mut self) -> Result<BTreeSet<String>, String> {
        match self.peek() {
            Token::End | Token::Symbol(",") => Ok(BTreeSet::from([String::new()])),
            Token::Word(word) => {
                self.at += 1;
                Ok(BTreeSet::from([word]))
            }
            other => Err(format!("found '{}', expected: identifier", other.text())),
        }
    }

    /// What stands in parentheses; an empty place is the empty value.
    fn values(&mut self) -> Result<BTreeSet<String>, String> {
        let open = self.next();
        if open != Token::Symbol("(") {
            return Err(format!("found '{}' expected: '('", open.text()));
        }
        match self.peek() {
            Token::Symbol(")") => {
                self.at += 1;
                return Ok(BTreeSet::from([String::new()]));
            }
            Token::Word(_) | Token::Symbol(",") => {}
            other => return Err(format!("found '{}', expected: ',', ')' or identifier", other.text())),
        }
        let mut values = BTreeSet::new();
        loop {
            match self.next() {
                Token::Word(word) => {
                    values.insert(word);
                    match self.peek() {
                        Token::Symbol(",") => {}
                        Token::Symbol(")") => break,
                        other => return Err(format!("found '{}', expected: ',' or ')'", other.text())),
                    }
                }
                Token::Symbol(",") => {
                    if values.is_empty() {
                        values.insert(String::new());
                    }
                    match self.peek() {
                        Token::Symbol(")") => {
                            values.insert(String::new());
                            break;
                        }
                        Token::Symbol(",") => {
                            self.at += 1;
                            values.insert(String::new());
                        }
                        _ => {}
                    }
                }
                other => return Err(format!("found '{}', expected: ',', or identifier", other.text())),
            }
        }
        self.at += 1;
        Ok(values)
    }
}

const NAME_RULE: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_RULE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const PREFIX_RULE: &str = "a DNS-1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

fn is_name(text: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    ends(text.chars().next())
        && ends(text.chars().next_back())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn is_subdomain(text: &str) -> bool {
    let is_part = |part: &str| {
        let ends = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        ends(part.as_bytes().first())
            && ends(part.as_bytes().last())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    text.split('.').all(is_part)
}

fn check_key(key: &str) -> Result<(), String> {
    let mut faults: Vec<String> = Vec::new();
    let parts: Vec<&str> = key.split('/').collect();
    let name = match parts[..] {
        [name] => Some(name),
        [prefix, name] => {
            if prefix.is_empty() {
                faults.push("prefix part must be non-empty".to_owned());
            } else {
                if prefix.len() > 253 {
                    faults.push("prefix part must be no more than 253 characters".to_owned());
                }
                if !is_subdomain(prefix) {
                    faults.push(format!("prefix part {PREFIX_RULE}"));
                }
            }
            Some(name)
        }
        _ => None,
    };
    match name {
        None => faults.push(format!(
            "a qualified name {NAME_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        )),
        Some(name) => {
            if name.is_empty() {
                faults.push("name part must be non-empty".to_owned());
            } else if name.len() > 63 {
                faults.push("name part must be no more than 63 characters".to_owned());
            }
            if !is_name(name) {
                faults.push(format!("name part {NAME_RULE}"));
            }
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(format!("invalid label key {}: {}", gotmpl::strconv::quote(key.as_bytes()), faults.join("; ")))
}

fn check_value(key: &str, value: &str) -> Result<(), String> {
    let mut faults = Vec::new();
    if value.len() > 63 {
        faults.push("must be no more than 63 characters");
    }
    if !value.is_empty() && !is_name(value) {
        faults.push(VALUE_RULE);
    }
    if faults.is_empty() {
        return Ok(());
    }
    let quote = |text: &str| gotmpl::strconv::quote(text.as_bytes());
    Err(format!("invalid label value: {}: at key: {}: {}", quote(value), quote(key), faults.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::LabelSelector;

    fn matches(selector: &str) -> bool {
        let labels = |key: &str| match key {
            "app" => Some("web"),
            "n" => Some("5"),
            "empty" => Some(""),
            _ => None,
        };
        LabelSelector::parse(selector).unwrap().matches(labels)
    }

    #[test]
    fn what_matches() {
        for yes in [
            "",
            " ",
            "app",
            "app=web",
            "app == web",
            "app!=db",
            "other!=x",
            "app in (web, db)",
            "app notin (db)",
            "!other",
            "app,n",
            "n>4",
            "n<6",
            "empty=",
            "empty in ()",
            "empty in (,x)",
            "other notin (x)",
            "app in (web,)",
        ] {
            assert!(matches(yes), "{yes}");
        }
        for no in ["other", "app=db", "!app", "n>5", "app in (db)", "app notin (web)", "app=web,n=6", "app="]
        {
            assert!(!matches(no), "{no}");
        }
    }

    #[test]
    fn what_is_no_selector() {
        for (text, error) in [
            (",", "found ',', expected: !, identifier, or 'end of string'"),
            ("a,", "found '', expected: identifier after ','"),
            ("a=b c", "found 'c', expected: ',' or 'end of string'"),
            ("a in b", "unable to parse requirement: found 'b' expected: '('"),
            ("a in (b", "unable to parse requirement: found '', expected: ',' or ')'"),
            ("!", "unable to parse requirement: found '', expected: identifier"),
            ("a>b", "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer"),
        ] {
            assert_eq!(LabelSelector::parse(text).unwrap_err(), error, "{text}");
        }
        assert!(
            LabelSelector::parse("a/b/c")
                .unwrap_err()
                .contains("invalid label key \"a/b/c\": a qualified name")
        );
        assert!(
            LabelSelector::parse("a=-").unwrap_err().contains("invalid label value: \"-\": at key: \"a\"")
        );
    }
}
