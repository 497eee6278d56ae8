//! Zones by name, from the time zone database that the program carries.

use std::rc::Rc;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Where a clock hangs.
#[derive(Clone, Debug)]
pub enum Location {
    /// `UTC`
    Utc,
    /// The local zone, which is UTC here under another name.
    Local,
    /// A zone that a text gave by its offset (seconds east), maybe with an abbreviation.
    Fixed(Rc<str>, i32),
    /// A zone of the database.
    Named(TimeZone),
}

/// What holds at an instant.
pub struct Offset {
    /// Such as `CEST`.
    pub name: String,
    /// Seconds east of UTC.
    pub offset: i32,
    /// Whether it is summer time.
    pub is_dst: bool,
}

impl Location {
    /// `time.LoadLocation`: the empty name is UTC, `Local` the local zone; `None` for what is unknown.
    ///
    /// ```
    /// use gotmpl::time::Location;
    /// assert!(Location::load(b"America/New_York").is_some());
    /// assert!(Location::load(b"america/new_york").is_none());
    /// ```
    pub fn load(name: &[u8]) -> Option<Location> {
        match name {
            b"" | b"UTC" => Some(Location::Utc),
            b"Local" => Some(Location::Local),
            _ => {
                let name = std::str::from_utf8(name).ok()?;
                let zone = TimeZoneDatabase::bundled().get(name).ok()?;
                // The database ignores case, a file system does not.
                (zone.iana_name() == Some(name)).then_some(Location::Named(zone))
            }
        }
    }

    /// What `Location.String` gives.
    pub fn name(&self) -> &str {
        match self {
            Location::Utc => "UTC",
            Location::Local => "Local",
            Location::Fixed(name, _) => name,
            Location::Named(zone) => zone.iana_name().unwrap_or_default(),
        }
    }

    /// What holds so many seconds after 1970 began. Instants far outside of history get what holds at its edge.
    pub fn lookup(&self, seconds: i64) -> Offset {
        match self {
            Location::Utc | Location::Local => Offset { name: "UTC".to_owned(), offset: 0, is_dst: false },
            Location::Fixed(name, offset) => {
                Offset { name: name.to_string(), offset: *offset, is_dst: false }
            }
            Location::Named(zone) => {
                let (min, max) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
                let at = Timestamp::from_second(seconds.clamp(min, max)).unwrap_or(Timestamp::UNIX_EPOCH);
                let info = zone.to_offset_info(at);
                Offset {
                    name: info.abbreviation().to_owned(),
                    offset: info.offset().seconds(),
                    is_dst: info.dst().is_dst(),
                }
            }
        }
    }
}
