// Which page is shown: the login or the chat; and the one place where the socket connects and disconnects.
import { useCallback, useEffect, useState } from "react";

import { ChatPage } from "./chat/ChatPage";
import { LoginPage } from "./login/LoginPage";
import type { User } from "./protocol";
import { listen } from "./room/listen";
import { change } from "./room/store";
import { session } from "./server";
import { socket } from "./socket";

export function App() {
  const [user, setUser] = useState<User | null>(null);
  const [sentence, setSentence] = useState<string | null>(null);
  const [guest, setGuest] = useState(false);
  const [asked, setAsked] = useState(false);

  const enter = useCallback((who: User) => {
    change({ type: "reset" });
    setSentence(null);
    setUser(who);
    socket.connect();
  }, []);

  const end = useCallback((why: string | null) => {
    socket.disconnect();
    setUser(null);
    setSentence(why);
  }, []);

  useEffect(() => listen(socket, end, setUser), [end]);

  useEffect(() => {
    let gone = false;
    session()
      .then((answer) => {
        if (gone) return;
        setGuest(answer.guest);
        if (answer.user) enter(answer.user);
        else setSentence(answer.message ?? null);
      })
      .catch((error: Error) => {
        if (!gone) setSentence(error.message);
      })
      .finally(() => {
        if (!gone) setAsked(true);
      });
    return () => {
      gone = true;
    };
  }, [enter]);

  useEffect(() => {
    document.title = user ? `${user.name} · sockeye chat` : "sockeye chat";
  }, [user]);

  if (!asked) return null;
  return user ? <ChatPage user={user} onEnd={end} /> : <LoginPage sentence={sentence} guest={guest} onEnter={enter} />;
}
