//! Without the attribute the message names the function and tells of the attribute.

use sockeye::Namespace;

async fn message(_number: u32) {}

fn main() {
    let _: Namespace = Namespace::new().on("message", message);
}
