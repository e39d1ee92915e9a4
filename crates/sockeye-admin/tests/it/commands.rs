//! What admins do, beside what the captures show.

use serde_json::json;
use sockeye_admin::{AdminOptions, Auth};

use crate::{client::Client, server::serve};

const HOME: [u8; 4] = [127, 0, 0, 1];

#[tokio::test(start_paused = true)]
async fn what_makes_no_sense_has_no_effect() {
    let server = serve(AdminOptions::new(Auth::None));
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &json!({})).await;
    admin.news().await;
    for nonsense in [
        r#"2/admin,["emit"]"#,
        r#"2/admin,["emit","/nowhere",null,"event"]"#,
        r#"2/admin,["emit","/",null,"connect"]"#,
        r#"2/admin,["emit","/",null,7]"#,
        r#"2/admin,["join","/nowhere","room"]"#,
        r#"2/admin,["join"]"#,
        r#"2/admin,["leave","/nowhere","room","x"]"#,
        r#"2/admin,["_disconnect","/nowhere",true]"#,
        r#"2/admin,["_disconnect"]"#,
        r#"2/admin,["unknown"]"#,
    ] {
        admin.send(nonsense).await;
    }
    assert!(admin.news().await.is_empty());
    let names: Vec<_> = server.io.namespaces().iter().map(|one| one.name.to_string()).collect();
    assert_eq!(names, ["/", "/admin", "/chat"], "an unknown namespace is not made");
    assert_eq!(server.admin.admins(), 1);
}

#[tokio::test(start_paused = true)]
async fn binary_parts_of_an_emit_arrive() {
    let server = serve(AdminOptions::new(Auth::None));
    let mut client = Client::open(&server.app, HOME).await;
    client.join("/", &json!({})).await;
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &json!({})).await;
    let packet = r#"51-/admin,["emit","/",null,"file",{"_placeholder":true,"num":0},"a"]"#;
    admin.send_binary(packet, &[1, 2, 3]).await;
    assert_eq!(client.events().await, [json!(["/", "file", { "$bytes": "010203" }, "a"])]);
}

#[tokio::test(start_paused = true)]
async fn an_emit_to_what_is_no_room_reaches_nobody() {
    let server = serve(AdminOptions::new(Auth::None));
    let mut client = Client::open(&server.app, HOME).await;
    client.join("/", &json!({})).await;
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &json!({})).await;
    for filter in ["5", "{}", r#"["room"]"#] {
        admin.send(&format!(r#"2/admin,["emit","/",{filter},"event"]"#)).await;
    }
    admin.send(r#"2/admin,["emit","/",null,"last"]"#).await;
    assert_eq!(client.events().await, [json!(["/", "last"])]);
}
