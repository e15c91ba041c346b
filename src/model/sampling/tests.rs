use super::*;

#[test]
fn a_share_holds_as_many_as_it_says() {
    for (text, held) in [("0", 0), ("1", 1_000), ("1/100", 10), ("3/10", 300), ("0/7", 0)] {
        let rate: SampleRate = text.parse().unwrap();
        let count = (0..1_000).filter(|number| rate.holds(*number)).count();
        assert_eq!((count, rate.to_string().as_str()), (held, text));
    }
}

#[test]
fn what_is_no_share_is_refused() {
    for text in ["", "2", "3/2", "1/0", "0.5", "1/", "/2", "+1", "-1", "1/1/1", "4294967296"] {
        assert_eq!(text.parse::<SampleRate>(), Err(Malformed), "{text}");
    }
}
