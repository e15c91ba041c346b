//! Clocks that are an offset all the year, and the cities that people mean by them.

/// Cities of each offset in minutes ahead of UTC: one whose clocks are set twice a year, if there
/// is one, and one whose clocks are not.
const CITIES: [(i32, &str, &str); 34] = [
    (-660, "", "Pacific/Pago_Pago"),
    (-600, "", "Pacific/Honolulu"),
    (-540, "America/Anchorage", "Pacific/Gambier"),
    (-480, "America/Los_Angeles", "Pacific/Pitcairn"),
    (-420, "America/Denver", "America/Phoenix"),
    (-360, "America/Chicago", "America/Mexico_City"),
    (-300, "America/New_York", "America/Panama"),
    (-240, "America/Halifax", "America/Puerto_Rico"),
    (-210, "America/St_Johns", ""),
    (-180, "", "America/Sao_Paulo"),
    (-120, "America/Nuuk", "America/Noronha"),
    (-60, "Atlantic/Azores", "Atlantic/Cape_Verde"),
    (0, "Europe/London", "Africa/Abidjan"),
    (60, "Europe/Paris", "Africa/Lagos"),
    (120, "Europe/Athens", "Africa/Johannesburg"),
    (180, "", "Europe/Istanbul"),
    (210, "", "Asia/Tehran"),
    (240, "", "Asia/Dubai"),
    (270, "", "Asia/Kabul"),
    (300, "", "Asia/Karachi"),
    (330, "", "Asia/Kolkata"),
    (345, "", "Asia/Kathmandu"),
    (360, "", "Asia/Dhaka"),
    (390, "", "Asia/Yangon"),
    (420, "", "Asia/Bangkok"),
    (480, "", "Asia/Shanghai"),
    (540, "", "Asia/Tokyo"),
    (570, "Australia/Adelaide", "Australia/Darwin"),
    (600, "Australia/Sydney", "Australia/Brisbane"),
    (660, "Pacific/Norfolk", "Pacific/Noumea"),
    (720, "Pacific/Auckland", "Pacific/Fiji"),
    (765, "Pacific/Chatham", ""),
    (780, "", "Pacific/Tongatapu"),
    (840, "", "Pacific/Kiritimati"),
];

/// The city that is meant, as a phrase, where a zone of the database is an offset and not a place:
/// `EST`, `GMT`, `Etc/GMT+5`, `-05:00`. For a customer such a zone is refused: half of the year it
/// would be an hour off. UTC and its other names are no place's winter, and mean what they say.
#[must_use]
pub fn misleading_zone(name: &str) -> Option<String> {
    let minutes = minutes_ahead(name)?;
    let city = CITIES.iter().find(|(offset, _, _)| *offset == minutes);
    Some(match city {
        None => "such as `Europe/Paris`".to_owned(),
        Some((_, "", steady)) => format!("`{steady}`"),
        Some((_, set, "")) => format!("`{set}`"),
        Some((_, set, steady)) => {
            format!("`{set}` (or one without a summer time, such as `{steady}`)")
        }
    })
}

/// The fixed offset in a zone's name; `None` if the zone is a place, has a summer time, or is UTC.
fn minutes_ahead(name: &str) -> Option<i32> {
    let hours = match name {
        "EST" => -5,
        "MST" => -7,
        "HST" => -10,
        "GMT" | "GMT0" | "GMT+0" | "GMT-0" | "Greenwich" | "Etc/GMT" | "Etc/GMT0" | "Etc/GMT+0"
        | "Etc/GMT-0" | "Etc/Greenwich" => 0,
        // These count the other way round: `Etc/GMT+5` is five hours behind.
        _ => match name.strip_prefix("Etc/GMT") {
            Some(behind) => behind.parse::<i32>().ok()?.checked_neg()?,
            None => return written(name),
        },
    };
    hours.checked_mul(60)
}

/// The offset `-06:00`.
fn written(text: &str) -> Option<i32> {
    let (hours, minutes) = text.strip_prefix(['+', '-'])?.split_once(':')?;
    let ahead = hours.parse::<i32>().ok()?.checked_mul(60)?.checked_add(minutes.parse().ok()?)?;
    if text.starts_with('-') { ahead.checked_neg() } else { Some(ahead) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::jurisdiction;

    #[test]
    fn an_offset_means_a_city() {
        for (offset, city) in [
            ("EST", "`America/New_York`"),
            ("MST", "`America/Denver`"),
            ("HST", "`Pacific/Honolulu`"),
            ("GMT", "`Europe/London`"),
            ("Etc/GMT", "`Europe/London`"),
            ("Etc/GMT+5", "`America/New_York`"),
            ("Etc/GMT-1", "`Europe/Paris`"),
            ("Etc/GMT-14", "`Pacific/Kiritimati`"),
            ("Etc/GMT+12", "such as"),
            ("-05:00", "`America/New_York`"),
            ("+05:30", "`Asia/Kolkata`"),
            ("+00:07", "such as"),
        ] {
            let meant = misleading_zone(offset).unwrap_or_default();
            assert!(meant.contains(city), "{offset}: {meant}");
        }
        for place in ["UTC", "Etc/UTC", "Zulu", "EST5EDT", "CET", "GB", "Europe/London", "London"] {
            assert_eq!(misleading_zone(place), None, "{place}");
        }
    }

    #[test]
    fn every_city_exists() {
        let cities = CITIES.iter().flat_map(|(_, set, steady)| [*set, *steady]);
        for city in cities.filter(|city| !city.is_empty()) {
            assert!(jurisdiction::every_zone().any(|known| known == city), "{city}");
        }
        assert!(CITIES.is_sorted());
    }
}
