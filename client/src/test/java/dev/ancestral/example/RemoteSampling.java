package dev.ancestral.example;

import dev.ancestral.client.AncestralClient;
import dev.ancestral.client.SampleStream;
import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * An example: draws pictures on a server and prints them as text, each as soon as it is finished.
 * Run it with a target such as {@code 127.0.0.1:50051}.
 */
public final class RemoteSampling {
  private static final String SHADES = " .:-=+*#%@";

  private RemoteSampling() {}

  /** Draws four samples of the server's first model. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (AncestralClient client = AncestralClient.connect(args[0])) {
      Model model = client.models().get(0);
      SampleRequest request =
          SampleRequest.newBuilder().setModel(model.getName()).setNumSamples(4).setSeed(7).build();
      try (SampleStream stream = client.sample(request)) {
        while (stream.hasNext()) {
          SampleResponse message = stream.next();
          if (message.hasSample()) {
            out.println("sample " + message.getSample().getSampleIndex());
            print(out, FloatTensor.of(message.getSample().getData()), model);
          }
        }
      }
    }
  }

  /** Prints the first channel, one character a pixel. */
  private static void print(PrintStream out, FloatTensor image, Model model) {
    int height = image.shape().get(1).intValue();
    int width = image.shape().get(2).intValue();
    double range = model.getDataMax() - model.getDataMin();
    for (int y = 0; y < height; y++) {
      StringBuilder line = new StringBuilder();
      for (int x = 0; x < width; x++) {
        double level = (image.values()[y * width + x] - model.getDataMin()) / range;
        int shade = (int) Math.round(level * (SHADES.length() - 1));
        line.append(SHADES.charAt(Math.max(0, Math.min(shade, SHADES.length() - 1))));
      }
      out.println(line);
    }
  }
}
