//! The texts of pages for customers: titles, addresses, colours.

use serde_json::Value as Json;
use serde_json::json;

use super::Fault;
use super::Scalar;
use super::quoted;
use super::scalars;

/// The longest title, in bytes.
const TITLE_BYTES_MAX: usize = 64;
/// The longest address, postal or of a page, in bytes.
const ADDRESS_BYTES_MAX: usize = 256;

/// A text that is not empty and has no markup.
const PLAIN: &str = r"^[^<>]*[^<>\s][^<>]*$";

/// A name for people, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) struct Title(pub(in crate::policy) Box<str>);

/// A postal address, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) struct Address(pub(in crate::policy) Box<str>);

/// The address of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) struct WebAddress(pub(in crate::policy) Box<str>);

/// A colour on which white can be read, as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) struct Colour(pub(in crate::policy) Box<str>);

impl Scalar for Title {
    const WHAT: &'static str = "a title";
    const EXAMPLE: &'static str = "`Newsletter`";

    fn parse(text: &str) -> Result<Self, Fault> {
        plain(text, Self::WHAT, TITLE_BYTES_MAX).map(Self)
    }

    fn schema() -> Json {
        json!({"type": "string", "maxLength": TITLE_BYTES_MAX, "pattern": PLAIN})
    }
}

impl Scalar for Address {
    const WHAT: &'static str = "an address";
    const EXAMPLE: &'static str = "`1 High Street, Leeds LS1 1AA, United Kingdom`";

    fn parse(text: &str) -> Result<Self, Fault> {
        plain(text, Self::WHAT, ADDRESS_BYTES_MAX).map(Self)
    }

    fn schema() -> Json {
        json!({"type": "string", "maxLength": ADDRESS_BYTES_MAX, "pattern": PLAIN})
    }
}

impl Scalar for WebAddress {
    const WHAT: &'static str = "the address of a page";
    const EXAMPLE: &'static str = "`https://example.com/privacy`";

    fn parse(text: &str) -> Result<Self, Fault> {
        let text = plain(text, Self::WHAT, ADDRESS_BYTES_MAX)?;
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = host.and_then(|rest| rest.split(['/', '?', '#']).next());
        let is_whole = host.is_some_and(|host| !host.is_empty() && !host.contains('@'));
        if !is_whole || text.chars().any(char::is_whitespace) || text.contains('"') {
            let message = format!("{} is not the address of a page", quoted(&text));
            return Err(Fault::new(message, format!("write it as {}", Self::EXAMPLE)));
        }
        Ok(Self(text))
    }

    fn schema() -> Json {
        json!({
            "type": "string",
            "maxLength": ADDRESS_BYTES_MAX,
            "pattern": r#"^https?://[^\s<>"]+$"#,
        })
    }
}

impl Scalar for Colour {
    const WHAT: &'static str = "a colour";
    const EXAMPLE: &'static str = "`\"#1a4fb4\"`";

    fn parse(text: &str) -> Result<Self, Fault> {
        let Some(parts) = parts(text) else {
            let message = format!("{} is not a colour", quoted(text));
            return Err(Fault::new(message, format!("write six digits: {}", Self::EXAMPLE)));
        };
        let contrast = contrast_with_white(parts);
        if contrast < CONTRAST_MIN {
            let message = format!(
                "white text on {} has a contrast of {}.{:02} to 1, and needs 4.50 to be readable",
                quoted(text),
                contrast / 100,
                contrast % 100
            );
            return Err(Fault::new(message, "choose a darker colour"));
        }
        Ok(Self(Box::from(text.to_ascii_lowercase())))
    }

    fn schema() -> Json {
        json!({"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"})
    }
}

scalars!(Title, Address, WebAddress, Colour);

/// A text on one line, without what would be markup.
fn plain(text: &str, what: &str, most: usize) -> Result<Box<str>, Fault> {
    let (message, help) = if text.trim().is_empty() {
        (format!("{what} must not be empty"), "write a few words, or remove the key")
    } else if text.len() > most {
        let message = format!("{what} has at most {most} bytes, this one has {}", text.len());
        (message, "shorten it")
    } else if text.chars().any(char::is_control) {
        (format!("{what} must not contain control characters"), "write it on one line")
    } else if text.contains(['<', '>']) {
        (format!("{what} is shown as it is written: there is no markup"), "remove `<` and `>`")
    } else {
        return Ok(Box::from(text.trim()));
    };
    Err(Fault::new(message, help))
}

fn parts(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|it| it.len() == 6)?;
    if !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}

/// The least contrast of text and what is behind it, in hundredths (WCAG 2.2, 1.4.3).
const CONTRAST_MIN: u32 = 450;

/// The contrast of white on a colour, in hundredths, rounded down (WCAG 2.2, contrast ratio).
fn contrast_with_white([red, green, blue]: [u8; 3]) -> u32 {
    let linear = |part: u8| LINEAR.get(usize::from(part)).copied().unwrap_or_default();
    let luminance = (2_126 * u64::from(linear(red))
        + 7_152 * u64::from(linear(green))
        + 722 * u64::from(linear(blue)))
        / 10_000;
    let hundredths = 105_000_000 / (luminance + 50_000);
    u32::try_from(hundredths).unwrap_or_default()
}

/// The light of each level of a colour in sRGB, in millionths (IEC 61966-2-1).
static LINEAR: [u32; 256] = [
    0, 304, 607, 911, 1_214, 1_518, 1_821, 2_125, 2_428, 2_732, 3_035, 3_347, 3_677, 4_025, 4_391,
    4_777, 5_182, 5_605, 6_049, 6_512, 6_995, 7_499, 8_023, 8_568, 9_134, 9_721, 10_330, 10_960,
    11_612, 12_286, 12_983, 13_702, 14_444, 15_209, 15_996, 16_807, 17_642, 18_500, 19_382, 20_289,
    21_219, 22_174, 23_153, 24_158, 25_187, 26_241, 27_321, 28_426, 29_557, 30_713, 31_896, 33_105,
    34_340, 35_601, 36_889, 38_204, 39_546, 40_915, 42_311, 43_735, 45_186, 46_665, 48_172, 49_707,
    51_269, 52_861, 54_480, 56_128, 57_805, 59_511, 61_246, 63_010, 64_803, 66_626, 68_478, 70_360,
    72_272, 74_214, 76_185, 78_187, 80_220, 82_283, 84_376, 86_500, 88_656, 90_842, 93_059, 95_307,
    97_587, 99_899, 102_242, 104_616, 107_023, 109_462, 111_932, 114_435, 116_971, 119_538,
    122_139, 124_772, 127_438, 130_136, 132_868, 135_633, 138_432, 141_263, 144_128, 147_027,
    149_960, 152_926, 155_926, 158_961, 162_029, 165_132, 168_269, 171_441, 174_647, 177_888,
    181_164, 184_475, 187_821, 191_202, 194_618, 198_069, 201_556, 205_079, 208_637, 212_231,
    215_861, 219_526, 223_228, 226_966, 230_740, 234_551, 238_398, 242_281, 246_201, 250_158,
    254_152, 258_183, 262_251, 266_356, 270_498, 274_677, 278_894, 283_149, 287_441, 291_771,
    296_138, 300_544, 304_987, 309_469, 313_989, 318_547, 323_143, 327_778, 332_452, 337_164,
    341_914, 346_704, 351_533, 356_400, 361_307, 366_253, 371_238, 376_262, 381_326, 386_429,
    391_572, 396_755, 401_978, 407_240, 412_543, 417_885, 423_268, 428_690, 434_154, 439_657,
    445_201, 450_786, 456_411, 462_077, 467_784, 473_531, 479_320, 485_150, 491_021, 496_933,
    502_886, 508_881, 514_918, 520_996, 527_115, 533_276, 539_479, 545_724, 552_011, 558_340,
    564_712, 571_125, 577_580, 584_078, 590_619, 597_202, 603_827, 610_496, 617_207, 623_960,
    630_757, 637_597, 644_480, 651_406, 658_375, 665_387, 672_443, 679_542, 686_685, 693_872,
    701_102, 708_376, 715_694, 723_055, 730_461, 737_910, 745_404, 752_942, 760_525, 768_151,
    775_822, 783_538, 791_298, 799_103, 806_952, 814_847, 822_786, 830_770, 838_799, 846_873,
    854_993, 863_157, 871_367, 879_622, 887_923, 896_269, 904_661, 913_099, 921_582, 930_111,
    938_686, 947_307, 955_973, 964_686, 973_445, 982_251, 991_102, 1_000_000,
];
