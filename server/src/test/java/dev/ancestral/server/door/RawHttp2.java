package dev.ancestral.server.door;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** HTTP/2 frame by frame: no client library pings as it should not. */
final class RawHttp2 implements AutoCloseable {
  static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;

  private final Socket socket;

  RawHttp2(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
  }

  void send(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void settings() throws IOException {
    send(new byte[] {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0});
  }

  void ping() throws IOException {
    send(new byte[] {0, 0, 8, PING, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
  }

  /** Reads a frame, and returns its type. */
  int frame() throws IOException {
    byte[] head = socket.getInputStream().readNBytes(9);
    assertEquals(9, head.length, "the server closed the connection");
    int length = ((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff);
    assertEquals(length, socket.getInputStream().readNBytes(length).length);
    return head[3];
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
