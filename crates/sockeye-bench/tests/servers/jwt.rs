//! Admission by a token.

use sockeye_bench::token;

use crate::kit::{Client, Server, request};

async fn admits_a_good_token_only(server: Server) {
    let good = token::signed("ada").unwrap();
    let joined = Client::open(&server).await.ask(&format!(r#"40/jwt,{{"token":"{good}"}}"#)).await;
    assert!(joined.starts_with(r#"40/jwt,{"sid":""#), "{joined}");

    let (head, signature) = good.rsplit_once('.').unwrap();
    let forged = format!("{head}.{}", signature.chars().rev().collect::<String>());
    let refused = Client::open(&server).await.ask(&format!(r#"40/jwt,{{"token":"{forged}"}}"#)).await;
    assert!(refused.starts_with(r#"44/jwt,{"message":"#), "{refused}");
}

#[tokio::test]
async fn sockeye_admits_a_good_token_only() {
    admits_a_good_token_only(Server::sockeye().await).await;
}

#[tokio::test]
async fn socketioxide_admits_a_good_token_only_and_anybody_where_it_is_open() {
    let server = Server::other("socketioxide").await;
    let joined = Client::open(&server).await.ask("40/open,").await;
    assert!(joined.starts_with(r#"40/open,{"sid":""#), "{joined}");
    admits_a_good_token_only(server).await;
}

#[tokio::test]
async fn the_route_beside_the_sockets_answers() {
    assert_eq!(request(&Server::sockeye().await, "POST", "/login", "").await, (200, "welcome".to_owned()));
}
