//! `courtesy credentials`: the file of callers' credentials. A running server reads it again by
//! itself.

mod shown;

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::io::Write;
use std::num::NonZeroU32;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::chown;
use std::path::Path;
use std::path::PathBuf;

use toml_edit::ArrayOfTables;
use toml_edit::DocumentMut;
use toml_edit::Item;
use toml_edit::Table;

use crate::access::credentials::Credentials;
use crate::access::credentials::File;
use crate::access::credentials::KEYS_MAX;
use crate::access::key::NewKey;
use crate::access::role::Role;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::files::is_standard;
use crate::cli::output::write_json;
use crate::cli::output::write_table;
use crate::clock;
use crate::secret::owner_only;

/// What the command does.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make an API key for a caller, and print it once
    ///
    /// A caller may have two keys at a time: make the new one, give it to the caller, and revoke
    /// the old one. The file is made if it is missing.
    Create(Create),
    /// End an API key: calls with it are refused within two seconds
    Revoke(Revoke),
    /// List the callers, with their roles and keys
    List(List),
}

/// The file.
#[derive(Debug, clap::Args)]
struct Place {
    /// The file of credentials
    #[arg(
        long,
        env = "COURTESY_CREDENTIALS_FILE",
        value_name = "FILE",
        default_value = "credentials.toml"
    )]
    credentials_file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// The caller's name; the audit log shows it
    #[arg(value_name = "NAME")]
    name: String,
    /// A role of the caller; a caller with a key already keeps its roles
    #[arg(long = "role", value_name = "ROLE", value_delimiter = ',')]
    roles: Vec<Role>,
    /// A tenant of the caller; `*` is all
    #[arg(long = "tenant", value_name = "NAME", value_delimiter = ',', default_value = "default")]
    tenants: Vec<String>,
    /// The caller's rate limit, in calls per second on each instance
    #[arg(long, value_name = "COUNT")]
    calls_per_second: Option<NonZeroU32>,
    /// The file for the key, which only its owner can read; without it, or as `-`, standard output
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Revoke {
    /// The key: the 8 digits that `courtesy credentials list` shows
    #[arg(value_name = "KEY")]
    key: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Write JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(
    command: &Command,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    match command {
        Command::Create(args) => create(args, out, err)?,
        Command::Revoke(args) => revoke(args, err)?,
        Command::List(args) => list(args, out)?,
    }
    Ok(Outcome::Yes)
}

fn create(args: &Create, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    let path = &args.place.credentials_file;
    let file = args.out.as_deref().filter(|path| !is_standard(path));
    if let Some(taken) = file.filter(|it| it.exists()) {
        let taken = taken.display();
        return Err(Error::Input(format!(
            "`{taken}` is there already; name a new file with --out"
        )));
    }
    let mut document = if path.exists() { read(path)? } else { DocumentMut::new() };
    let key = NewKey::make()
        .map_err(|error| Error::Input(format!("this machine has no random numbers: {error}")))?;
    let callers = tables(document.as_table_mut(), "caller", path)?;
    let known = callers.iter().position(|it| text(it, "name") == Some(&args.name));
    let caller = match known.and_then(|position| callers.get_mut(position)) {
        Some(caller) if !args.roles.is_empty() => {
            return Err(Error::Input(format!(
                "`{}` has roles already; leave --role out to give it another key, or edit `{}`",
                text(caller, "name").unwrap_or_default(),
                path.display()
            )));
        }
        Some(caller) => caller,
        None => {
            callers.push(caller(args)?);
            let last = callers.len() - 1;
            callers.get_mut(last).ok_or_else(|| not_understood(path))?
        }
    };
    let keys = tables(caller, "key", path)?;
    if keys.len() >= KEYS_MAX {
        let ids: Vec<&str> = keys.iter().filter_map(|it| text(it, "id")).collect();
        return Err(Error::Input(format!(
            "`{}` has two keys already, {}; revoke one first",
            args.name,
            ids.join(" and ")
        )));
    }
    let mut table = Table::new();
    table.insert("id", toml_edit::value(&key.id));
    table.insert("sha256", toml_edit::value(&key.hash));
    table.insert("created", toml_edit::value(clock::now().to_string()));
    keys.push(table);
    write(path, &document)?;
    match file {
        None => writeln!(out, "{}", key.secret)?,
        Some(path) => keep(&key.secret, path)?,
    }
    writeln!(
        err,
        "This is the only time that the key is shown. `{}` sends it as `authorization: Bearer \
         KEY`; the commands of courtesy read it from COURTESY_API_KEY.",
        args.name
    )?;
    Ok(())
}

fn caller(args: &Create) -> Result<Table, Error> {
    if args.roles.is_empty() {
        let all: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        return Err(Error::Input(format!(
            "`{}` is new: say with --role what it is there for: {}",
            args.name,
            all.join(", ")
        )));
    }
    let roles: BTreeSet<Role> = args.roles.iter().copied().collect();
    let mut table = Table::new();
    table.insert("name", toml_edit::value(&args.name));
    table.insert("roles", list_of(roles.iter().map(|role| role.as_str())));
    table.insert("tenants", list_of(args.tenants.iter().map(String::as_str)));
    if let Some(most) = args.calls_per_second {
        table.insert("calls_per_second", toml_edit::value(i64::from(most.get())));
    }
    Ok(table)
}

fn revoke(args: &Revoke, err: &mut dyn Write) -> Result<(), Error> {
    let path = &args.place.credentials_file;
    let mut document = read(path)?;
    let (mut owner, mut there) = (None, Vec::new());
    for caller in tables(document.as_table_mut(), "caller", path)?.iter_mut() {
        let name = text(caller, "name").unwrap_or_default().to_owned();
        let keys = tables(caller, "key", path)?;
        there.extend(keys.iter().filter_map(|it| text(it, "id").map(str::to_owned)));
        let position = keys.iter().position(|it| text(it, "id") == Some(&args.key));
        if let Some(position) = position {
            keys.remove(position);
            owner = Some((name, keys.len()));
        }
    }
    let Some((name, left)) = owner else {
        return Err(Error::NoSuch(format!(
            "no key `{}` is in `{}`; there are: {}",
            args.key,
            path.display(),
            there.join(", ")
        )));
    };
    write(path, &document)?;
    writeln!(err, "`{name}` has {left} more")?;
    Ok(())
}

fn list(args: &List, out: &mut dyn Write) -> Result<(), Error> {
    let path = &args.place.credentials_file;
    let file = parse(path, &text_of(path)?)?;
    if args.json {
        write_json(&shown::to_json(&file), out)?;
    } else {
        write_table(&shown::to_table(&file), out)?;
    }
    Ok(())
}

fn list_of<T: Into<toml_edit::Value>>(words: impl Iterator<Item = T>) -> Item {
    toml_edit::value(words.collect::<toml_edit::Array>())
}

fn text<'a>(table: &'a Table, key: &str) -> Option<&'a str> {
    table.get(key)?.as_str()
}

/// The tables under a name, none at first.
fn tables<'a>(
    parent: &'a mut Table,
    name: &str,
    path: &Path,
) -> Result<&'a mut ArrayOfTables, Error> {
    let item = parent.entry(name).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    item.as_array_of_tables_mut().ok_or_else(|| not_understood(path))
}

fn not_understood(path: &Path) -> Error {
    Error::Input(format!(
        "`{}` is not written as `[[caller]]` tables; edit it by hand",
        path.display()
    ))
}

fn text_of(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path)
        .map_err(|source| Error::Read { path: path.display().to_string(), source })
}

fn parse(path: &Path, text: &str) -> Result<File, Error> {
    File::parse(path, text).map_err(|error| Error::Input(error.to_string()))
}

/// The file as a document that keeps its comments, once it is known to be one of credentials.
fn read(path: &Path) -> Result<DocumentMut, Error> {
    let text = text_of(path)?;
    parse(path, &text)?;
    text.parse().map_err(|_parsed_before| not_understood(path))
}

/// Writes a key to a new file that only its owner can read.
fn keep(secret: &str, path: &Path) -> Result<(), Error> {
    let failed = |source| Error::WriteFile { path: path.display().to_string(), source };
    let mut file = owner_only().write(true).create_new(true).open(path).map_err(failed)?;
    writeln!(file, "{secret}").and_then(|()| file.sync_all()).map_err(failed)
}

/// Writes the file whole: a server that reads it meanwhile sees the old one or the new one. It
/// keeps its owner, group and mode, so that the server that could read it still can; a new one is
/// only its owner's.
fn write(path: &Path, document: &DocumentMut) -> Result<(), Error> {
    let failed = |source| Error::WriteFile { path: path.display().to_string(), source };
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    let mut file = owner_only().write(true).truncate(true).open(&new).map_err(failed)?;
    if let Ok(old) = std::fs::metadata(path) {
        keep_access(&new, &old).map_err(|error| {
            Error::Input(format!(
                "`{}` belongs to another user, and the new file cannot be given to them ({error}); \
                 run this as that user or as root",
                path.display()
            ))
        })?;
    }
    file.write_all(document.to_string().as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    let loaded = Credentials::load(&new).map_err(|error| Error::Input(error.to_string()));
    if let Err(error) = loaded {
        std::fs::remove_file(&new).map_err(failed)?;
        return Err(error);
    }
    std::fs::rename(&new, path).map_err(failed)
}

/// Gives a file the owner, group and mode of the one whose place it will take.
fn keep_access(new: &Path, old: &Metadata) -> std::io::Result<()> {
    let made = std::fs::metadata(new)?;
    if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
        chown(new, Some(old.uid()), Some(old.gid()))?;
    }
    std::fs::set_permissions(new, old.permissions())
}
