"""The time zones of the states, provinces and territories of the countries whose calling rules
differ by them.

United States: 49 CFR part 71 (which counties lie in which zone). Canada and Australia: the comments
of zone.tab in IANA tzdata. All zones of a place are named; `generate.py` leaves out those that show
the same time.
"""

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)

SUBDIVISION_ZONES = {
    "US-AL": [CENTRAL],
    "US-AK": [
        "America/Anchorage",
        "America/Juneau",
        "America/Sitka",
        "America/Metlakatla",
        "America/Yakutat",
        "America/Nome",
        "America/Adak",
    ],
    "US-AZ": ["America/Phoenix", MOUNTAIN],  # the Navajo Nation keeps daylight saving time
    "US-AR": [CENTRAL],
    "US-CA": [PACIFIC],
    "US-CO": [MOUNTAIN],
    "US-CT": [EASTERN],
    "US-DC": [EASTERN],
    "US-DE": [EASTERN],
    "US-FL": [EASTERN, CENTRAL],  # the panhandle west of the Apalachicola is Central
    "US-GA": [EASTERN],
    "US-HI": ["Pacific/Honolulu"],
    "US-IA": [CENTRAL],
    "US-ID": ["America/Boise", PACIFIC],
    "US-IL": [CENTRAL],
    "US-IN": ["America/Indiana/Indianapolis", CENTRAL],
    "US-KS": [CENTRAL, MOUNTAIN],
    "US-KY": [EASTERN, CENTRAL],
    "US-LA": [CENTRAL],
    "US-MA": [EASTERN],
    "US-MD": [EASTERN],
    "US-ME": [EASTERN],
    "US-MI": ["America/Detroit", CENTRAL],
    "US-MN": [CENTRAL],
    "US-MO": [CENTRAL],
    "US-MS": [CENTRAL],
    "US-MT": [MOUNTAIN],
    "US-NC": [EASTERN],
    "US-ND": [CENTRAL, MOUNTAIN],
    "US-NE": [CENTRAL, MOUNTAIN],
    "US-NH": [EASTERN],
    "US-NJ": [EASTERN],
    "US-NM": [MOUNTAIN],
    "US-NV": [PACIFIC, MOUNTAIN],  # West Wendover is Mountain
    "US-NY": [EASTERN],
    "US-OH": [EASTERN],
    "US-OK": [CENTRAL],
    "US-OR": [PACIFIC, "America/Boise"],  # most of Malheur County is Mountain
    "US-PA": [EASTERN],
    "US-RI": [EASTERN],
    "US-SC": [EASTERN],
    "US-SD": [CENTRAL, MOUNTAIN],
    "US-TN": [EASTERN, CENTRAL],
    "US-TX": [CENTRAL, MOUNTAIN],  # El Paso and Hudspeth Counties are Mountain
    "US-UT": [MOUNTAIN],
    "US-VA": [EASTERN],
    "US-VT": [EASTERN],
    "US-WA": [PACIFIC],
    "US-WI": [CENTRAL],
    "US-WV": [EASTERN],
    "US-WY": [MOUNTAIN],
    "US-AS": ["Pacific/Pago_Pago"],
    "US-GU": ["Pacific/Guam"],
    "US-MP": ["Pacific/Saipan"],
    "US-PR": ["America/Puerto_Rico"],
    "US-UM": ["Pacific/Wake", "Pacific/Midway"],
    "US-VI": ["America/St_Thomas"],
    "CA-AB": ["America/Edmonton"],
    "CA-BC": [
        "America/Vancouver",
        "America/Creston",
        "America/Dawson_Creek",
        "America/Fort_Nelson",
        "America/Edmonton",
    ],
    "CA-MB": ["America/Winnipeg"],
    "CA-NB": ["America/Moncton"],
    "CA-NL": ["America/St_Johns", "America/Goose_Bay"],
    "CA-NS": ["America/Halifax", "America/Glace_Bay"],
    "CA-NT": ["America/Inuvik", "America/Edmonton"],
    "CA-NU": [
        "America/Iqaluit",
        "America/Atikokan",
        "America/Resolute",
        "America/Rankin_Inlet",
        "America/Cambridge_Bay",
    ],
    "CA-ON": ["America/Toronto", "America/Winnipeg", "America/Atikokan"],
    "CA-PE": ["America/Halifax"],
    "CA-QC": [
        "America/Toronto",
        "America/Blanc-Sablon",
        "America/Halifax",
    ],  # the Magdalen Islands keep Atlantic time
    "CA-SK": ["America/Regina", "America/Swift_Current", "America/Edmonton"],
    "CA-YT": ["America/Whitehorse", "America/Dawson"],
    "AU-ACT": ["Australia/Sydney"],
    "AU-NSW": ["Australia/Sydney", "Australia/Broken_Hill", "Australia/Lord_Howe"],
    "AU-NT": ["Australia/Darwin"],
    "AU-QLD": ["Australia/Brisbane", "Australia/Lindeman"],
    "AU-SA": ["Australia/Adelaide"],
    "AU-TAS": ["Australia/Hobart", "Antarctica/Macquarie"],
    "AU-VIC": ["Australia/Melbourne"],
    "AU-WA": ["Australia/Perth", "Australia/Eucla"],
}
