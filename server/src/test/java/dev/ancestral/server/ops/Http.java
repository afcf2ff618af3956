package dev.ancestral.server.ops;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Asks a server's port for operators. */
final class Http {
  private Http() {}

  static int status(String target, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://" + target + path)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
