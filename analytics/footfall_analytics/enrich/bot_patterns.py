"""The words by which ``bots.py`` knows robots, and the shapes by which it knows browsers."""

from __future__ import annotations

import re


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


# A word in the model of an Android device proves nothing: there are phones called Cubot and Power Bot.
ANDROID_MODEL = _any(r"(andr[o0]id [\d.]{1,9};)(?![^()]{0,200}(?:bot[\w-]*/\d|://))(?:(?!applewebkit)[^()]){1,200}")
# Facebook's own browser names the phone's network: "Vodafone.de".
IN_APP = _any(r"\[FB[^\]]{0,600}\]?")

WORD = _any(
    # what they call themselves; Cubot makes phones, BOTECH televisions
    r"(?<!cu)bots?(?![a-z])|(?<![a-z])bot(?!ech)|robot|crawl|spider|slurp|agent(?![a-z])|nutch|heritrix|httrack",
    # what they do
    r"larbin|scrap[ei]|fetch|archiv|wayback|monitor|preview|validat|check(?!o)|chkr|probe|index(?:er|ing)|aggregat",
    r"harvest|extract|miner(?![a-z])|snippet|thumb|screenshot|snapshot|favicon|capture|survey|research|audit",
    r"analy[sz]|detect|verif|diagnos|translat|transcoder|optimi[sz]|insights?(?![a-z])|inspector|finder(?![a-z])",
    r"parser|plagiar|copyright|(?<![a-z])embed|(?<!qq)download|bookmark|linkwalk|link ?(?:check|test|sleuth)",
    r"\btest(?:er|ing|s)?\b",
    # what they do it for
    r"(?<![a-z])seo|seo(?![a-z])|feed|rss(?![a-z])|(?<![a-z])news(?!/\d)|website|sitemap|domain|metadata|catalog",
    r"library|search ?(?:engine|er|agent|tool)|(?<![a-z.])search(?!;|/\d\.|%2f|box|craft| tv|browser|app)",
    r"(?<!alpha)server|service|hosting|\(via |(?<!wap )proxy|cloud(?:flare|front)|wordpress|drupal",
    # uptime, speed and security
    r"uptime|(?<![a-z])ping(?:er|s)?(?![a-z])|pingdom|synthetic|speedtest|page ?speed|lighthouse|gtmetrix|ptst/",
    r"hotjar|statuscake|siteimprove|securityheaders|scan(?!dal|di)|recon(?![a-z])|openvas|nmap|nikto|sqlmap|zgrab",
    r"masscan|zmeu|jndi:|<\?",
    # of large operators, beside their browsers
    r"google[-_](?!cube)[a-z]|[a-z]-google(?![a-z])|mediapartners|externalhit",
)
HEADLESS = _any(
    r"headless|phantomjs|selenium|webdriver|puppeteer|playwright|slimerjs|casperjs|zombie\.js|jsdom|htmlunit",
    r"splash version",
)
ADDRESS = _any(
    r"https?://|\bwww\.|\+http|@[\w-]{1,60}\.[a-z]{2}|\[at\]|\(at\)",
    r"[a-z\d-]{3}\.(?:com|org|net|io|de|co|eu|ru|fr|info|ai|dev|cz|uk|jp)(?![\w.-])",
)
# Browsers end their engine's comment with "like Gecko)", name no other product after "compatible;", and on a
# desktop put no bare word behind "Safari/537.36".
INSERTION = _any(
    r"like gecko[;,] ?(?!safari|opera)\w|compatible\)(?! apple)",
    r"^mozilla/\d\.\d \(compatible; (?!msie|konqueror|mozilla|netscape|opera|icab|win)[\w-]{2,40}/[\d.]+[;)]",
    r"^mozilla/\d\.\d \((?:windows|macintosh|x11)[^()]{0,200}\).{0,200} safari/[\d.]+;? (?!mobile|smart)"
    r"[a-z_-]+(?: [a-z]+)?$",
)

_LIBRARIES = _any(
    "curl|wget|libcurl|pycurl|python|urllib|aiohttp|httpx|requests/|java/|java\\)|okhttp|jakarta|jersey|go-http",
    "go-resty|resty|node|undici|axios|got |superagent|needle|libwww|lwp|perl|www-mechanize|mechanize|php|guzzle",
    "ruby|faraday|typhoeus|rest-client|httpie|postman|insomnia|restsharp|winhttp|indy library|dart|scrapy|colly",
    "fasthttp|reqwest|hyper/|ureq|mojolicious|anyevent|aria2|lua-resty|akka-http|deno|bun/|powershell",
    "microsoft url|apache-http|async-?http|commons-http|netty|vert\\.x|symfony|zend_http|pear |pecl|snoopy|ahc/",
)
LIBRARY = _any(
    rf"(?:^|[\s(;,/])(?:{_LIBRARIES.pattern})",
    r"[a-z]http(?:client)?/|http ?client|http[_ ]?request|libwww|urllib",
)

ENGINE = _any("applewebkit|gecko|khtml|trident|msie|presto|opera|netfront|goanna|servo|netscape|safari|chrome|firefox")
_OTHERS = _any(
    "opera|opr|ucweb|dalvik|nokia|sonyericsson|samsung|blackberry|lg|mot-|sie-|sec-|htc|huawei|lenovo|zte|docomo",
    "kddi|j-phone|vodafone|softbank|lynx|links|elinks|w3m|netsurf|dillo|emacs|mqqbrowser|netfront|roku|hbbtv",
    "smarttv|safari|aloha|alcatel|philips|sharp|panasonic|sagem|palm|treo|sendo|micromax|spice|karbonn|lava|tecno",
    r"itel|xiaomi|oppo|vivo|iphone|ipod|ipad|ibrowse|amiga|ncsa|vms_mosaic|bird|[a-z]{2,20}browser/|android \d",
)
OTHER_BROWSER = _any(rf"^(?:{_OTHERS.pattern})")
DEVICE = _any(
    r"midp|cldc|up\.browser|wap[ _-]browser|ucbrowser|obigo|maui|mre/|profile/|cronet|series60|teleca|brew",
    r"release/\d|linux/[\d.+]+ android/|andr[o0]id [\d.]+;.{1,80}\bbuild|\d{3}x\d{3}|\[(?:en|de|fr|ja)\]|amigaos",
    r"playstation|nintendo|(?:iphone|cpu) os \d|navigator/",
)

PLAIN_WORDS = frozenset(
    ("bot", "bots", "robot", "crawler", "spider", "fetcher", "scraper", "monitor", "checker", "scanner")
)
ROBOT_TOKEN = _any(
    r"[\w.!-]{0,30}(?:(?<!cu)bot|crawler|spider|slurp|fetcher|scraper|monitor|validator|checker|scanner|externalhit)"
    r"(?:-[a-z]{2,20})?(?![a-z])"
)
COMPATIBLE = _any(r"(?:compatible;|like gecko[;,]) ?(?!msie|konqueror|linux|compatible)\+?([a-z][\w.-]{1,39})[/;) ]")
FIRST_PRODUCT = _any(r"(?!mozilla|opera)([a-z][\w.:-]{1,39})(?=[/;,() ]|$)")
