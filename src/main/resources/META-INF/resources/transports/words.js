/** The page's texts by language. */
export const WORDS = {
  en: {
    title: "One room by five transports",
    intro: "Each column is a client in the same room, connected by another transport. All of them receive the same messages in the same order.",
    message: "Message",
    send: "Send",
    connecting: "Connecting …",
    open: "Connected",
    waiting: "Reconnecting …",
    closed: "Not connected",
    unavailable: "Unavailable: the Socket.IO client script did not load. A build without npm does not contain it.",
    notSent: (why) => `Not sent: ${why}`,
  },
  ko: {
    title: "한 방에 다섯 가지 전송 방식으로",
    intro: "각 열은 서로 다른 전송 방식으로 같은 방에 들어온 클라이언트입니다. 모두 같은 메시지를 같은 순서로 받습니다.",
    message: "메시지",
    send: "보내기",
    connecting: "연결 중 …",
    open: "연결됨",
    waiting: "다시 연결하는 중 …",
    closed: "연결되지 않음",
    unavailable: "사용할 수 없음: Socket.IO 클라이언트 스크립트를 불러오지 못했습니다. npm 없이 만든 WAR에는 이 스크립트가 없습니다.",
    notSent: (why) => `보내지 못했습니다: ${why}`,
  },
};
