//! The page without links to other servers.

/// `html` without the `<link>`s that would load something from another server; with one for the icons, if they are here.
pub(super) fn without_foreign_links(html: &str, icons: Option<&str>) -> String {
    let mut page = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<link") {
        let (before, from_link) = rest.split_at(start);
        page.push_str(before);
        let end = from_link.find('>').map_or(from_link.len(), |end| end + 1);
        let (link, after) = from_link.split_at(end);
        if !is_foreign(link) {
            page.push_str(link);
        }
        rest = after;
    }
    page.push_str(rest);
    if let Some(icons) = icons {
        let sheet = format!("<link rel=\"stylesheet\" href=\"{icons}\"></head>");
        page = page.replacen("</head>", &sheet, 1);
    }
    page
}

/// Whether it names a server: `https://…`, `//…`.
fn is_foreign(link: &str) -> bool {
    let link = link.to_ascii_lowercase();
    let Some((_, value)) = link.split_once("href=") else { return false };
    let value = value.trim_start_matches(['"', '\'']);
    value.starts_with("//") || value.starts_with("http:") || value.starts_with("https:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_other_servers_go_and_all_others_stay() {
        let html = "<head><link rel=\"icon\" href=\"favicon.png\"><link rel=\"stylesheet\" \
                    href=\"https://fonts.example/css?a\"><LINK><link href='//cdn.example/x.css'><link href=css/a.css></head>";
        let page = "<head><link rel=\"icon\" href=\"favicon.png\"><LINK><link href=css/a.css></head>";
        assert_eq!(without_foreign_links(html, None), page);
        assert!(
            without_foreign_links(html, Some("i/i.css"))
                .ends_with("<link href=css/a.css><link rel=\"stylesheet\" href=\"i/i.css\"></head>")
        );
        assert_eq!(without_foreign_links("<link href=\"https://cut", None), "");
    }
}
