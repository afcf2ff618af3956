package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.FakeDenoiser;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.Progress;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SampleResponse.EventCase;
import dev.ancestral.v1.Summary;
import dev.ancestral.v1.Tensor;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SamplerServiceTest {
  private final FakeDenoiser denoiser = new FakeDenoiser(List.of(1L, 8L, 8L), true, 4);
  private final TestServer server = TestServer.of(Bundles.DIGITS, denoiser);
  private final Semaphore permits = new Semaphore(0);

  @AfterEach
  void close() {
    permits.release(1 << 20);
    server.close();
  }

  private void stepByStep() {
    denoiser.before(rows -> permits.acquireUninterruptibly());
  }

  private static SampleRequest.Builder request() {
    return SampleRequest.newBuilder().setModel("digits").setSeed(1).setSteps(5);
  }

  private static List<Sample> samples(List<SampleResponse> responses) {
    return responses.stream()
        .filter(SampleResponse::hasSample)
        .map(SampleResponse::getSample)
        .toList();
  }

  private static List<Frame> frames(List<SampleResponse> responses) {
    return responses.stream()
        .filter(SampleResponse::hasFrame)
        .map(SampleResponse::getFrame)
        .toList();
  }

  private static float[] floats(ByteString bytes) {
    float[] out = new float[bytes.size() / 4];
    bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out);
    return out;
  }

  @Test
  void aModelsNameIsARequest() {
    List<SampleResponse> responses =
        server.sample(SampleRequest.newBuilder().setModel("digits").build());
    assertEquals(EventCase.ACCEPTED, responses.get(0).getEventCase());
    assertEquals(50, responses.get(0).getAccepted().getTimestepsCount());
    assertEquals(List.of(1L, 8L, 8L), responses.get(0).getAccepted().getDataShapeList());
    assertEquals(1, samples(responses).size());
    assertFalse(samples(responses).get(0).hasLabel());
    SampleResponse last = responses.get(responses.size() - 1);
    assertEquals(1, last.getSummary().getNumSamples());
    assertEquals(1.0, last.getSummary().getMeanBatchRows());
  }

  @Test
  void theOnlyModelNeedsNoName() {
    assertEquals(
        "digits",
        server
            .sample(SampleRequest.getDefaultInstance())
            .get(0)
            .getAccepted()
            .getResolved()
            .getModel());
  }

  @Test
  void whatWasResolvedGivesTheSameSamplesAgain() {
    List<SampleResponse> first =
        server.sample(
            SampleRequest.newBuilder()
                .setNumSamples(3)
                .setSampler("ddpm")
                .setSteps(9)
                .addLabels(1)
                .build());
    List<SampleResponse> again = server.sample(first.get(0).getAccepted().getResolved());
    assertEquals(samples(first), samples(again));
    assertEquals(first.get(0), again.get(0));
  }

  /** The numbers of the samples, in their order. */
  private List<ByteString> data(SampleRequest.Builder request) {
    return samples(server.sample(request.build())).stream()
        .sorted(Comparator.comparingInt(Sample::getSampleIndex))
        .map(sample -> sample.getData().getFloat32())
        .toList();
  }

  @Test
  void guidanceOfWeightZeroIgnoresTheLabel_andOfWeightOneIsNone() {
    SampleRequest.Builder labelled = request().setNumSamples(3).addLabels(2);
    assertEquals(data(request().setNumSamples(3)), data(labelled.clone().setGuidanceWeight(0)));
    assertEquals(data(labelled), data(labelled.clone().setGuidanceWeight(1)));
    assertNotEquals(data(labelled), data(labelled.clone().setGuidanceWeight(2)));
  }

  @Test
  void aGuidedRowIsTheLabelsPredictionPushedAwayFromTheNullLabels() {
    // One step of DDIM ends in the estimate of x_0, which is linear in the prediction, and that in
    // the label.
    SampleRequest.Builder unclipped = request().setSteps(1).setClip(false);
    float unlabelled = floats(data(unclipped).get(0))[0];
    float labelled = floats(data(unclipped.clone().addLabels(1)).get(0))[0];
    float guided = floats(data(unclipped.clone().addLabels(1).setGuidanceWeight(3)).get(0))[0];
    assertEquals(unlabelled + 3 * (labelled - unlabelled), guided, 1e-5f * Math.abs(unlabelled));
  }

  @Test
  void labelsGoRoundTheSamples() {
    List<Sample> samples =
        samples(server.sample(request().setNumSamples(5).addLabels(2).addLabels(0).build()));
    assertEquals(5, samples.size());
    for (Sample sample : samples) {
      assertEquals(sample.getSampleIndex() % 2 == 0 ? 2 : 0, sample.getLabel());
    }
  }

  @Test
  void theSeedsOwnNoiseGivenByTheClientGivesTheSameSamples() {
    SampleRequest seeded = request().setNumSamples(2).setSampler("ddpm").build();
    ByteBuffer bytes = ByteBuffer.allocate(2 * 64 * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int sample = 0; sample < 2; sample++) {
      float[] noise = new float[64];
      GaussianNoise.fill(noise, 1, NoisePurpose.INITIAL, sample, 0);
      for (float number : noise) {
        bytes.putFloat(number);
      }
    }
    SampleRequest given =
        seeded.toBuilder()
            .setInitialNoise(
                Tensor.newBuilder()
                    .addAllShape(List.of(2L, 1L, 8L, 8L))
                    .setFloat32(ByteString.copyFrom(bytes.array())))
            .build();
    List<SampleResponse> responses = server.sample(given);
    assertEquals(samples(server.sample(seeded)), samples(responses));
    SampleRequest resolved = responses.get(0).getAccepted().getResolved();
    assertEquals(given.getInitialNoise(), resolved.getInitialNoise());
  }

  @Test
  void framesHoldWhatWasAskedFor() {
    List<Frame> frames =
        frames(
            server.sample(
                request()
                    .setFrames(
                        Frames.newBuilder()
                            .setEvery(2)
                            .setContent(Frames.Content.CONTENT_BOTH)
                            .setLossless(true))
                    .build()));
    assertEquals(List.of(0, 2, 4, 5), frames.stream().map(Frame::getStep).toList());
    assertEquals(
        List.of(999.0, 799.0, 399.0, 199.0), frames.stream().map(Frame::getTimestep).toList());
    assertTrue(frames.get(0).hasXt() && !frames.get(0).hasX0());
    assertTrue(frames.get(1).hasXt() && frames.get(1).hasX0());
    float[] initial = new float[64];
    GaussianNoise.fill(initial, 1, NoisePurpose.INITIAL, 0, 0);
    assertArrayEquals(initial, floats(frames.get(0).getXt().getFloat32()));
    // At the last step of DDIM the estimate is the sample.
    assertArrayEquals(
        floats(frames.get(3).getXt().getFloat32()),
        floats(frames.get(3).getX0().getFloat32()),
        1e-6f);
  }

  @Test
  void estimatesAloneStillStartFromNoise() {
    List<Frame> frames =
        frames(
            server.sample(
                request()
                    .setFrames(
                        Frames.newBuilder()
                            .setCount(3)
                            .setContent(Frames.Content.CONTENT_X0)
                            .setLossless(true))
                    .build()));
    assertEquals(3, frames.size());
    assertTrue(frames.get(0).hasXt() && !frames.get(0).hasX0());
    assertTrue(!frames.get(2).hasXt() && frames.get(2).hasX0());
  }

  @Test
  void aPictureTravelsAsFloatsBytesOrPng() throws Exception {
    float[] numbers =
        floats(samples(server.sample(request().build())).get(0).getData().getFloat32());
    Tensor bytes =
        samples(server.sample(request().setEncoding(Encoding.ENCODING_UINT8).build()))
            .get(0)
            .getData();
    Tensor png =
        samples(server.sample(request().setEncoding(Encoding.ENCODING_PNG).build()))
            .get(0)
            .getData();
    assertEquals(List.of(1L, 8L, 8L), bytes.getShapeList());
    assertEquals(List.of(1L, 8L, 8L), png.getShapeList());
    var image = ImageIO.read(new ByteArrayInputStream(png.getPng().toByteArray()));
    for (int i = 0; i < 64; i++) {
      int level = (int) Math.rint(Math.min(Math.max((numbers[i] + 1) * 127.5, 0), 255));
      assertEquals(level, bytes.getUint8().byteAt(i) & 0xFF, 1);
      assertEquals(bytes.getUint8().byteAt(i) & 0xFF, image.getRaster().getSample(i % 8, i / 8, 0));
    }
  }

  @Test
  void progressComesAtMostTenTimesASecond() {
    // Time stands still, so there are the first and the last, if the first was read in time.
    List<SampleResponse> still = server.sample(request().setSteps(40).build());
    assertTrue(still.stream().filter(SampleResponse::hasProgress).count() <= 2);
    denoiser.before(rows -> server.ticker.advance(Duration.ofMillis(50)));
    List<SampleResponse> moving = server.sample(request().setSteps(40).setNumSamples(2).build());
    List<Progress> progress =
        moving.stream()
            .filter(SampleResponse::hasProgress)
            .map(SampleResponse::getProgress)
            .toList();
    assertTrue(progress.size() <= 22, progress.size() + " messages in two seconds");
    assertEquals(80, progress.get(0).getStepsTotal());
    assertEquals(80, progress.get(progress.size() - 1).getStepsDone());
    Summary summary = moving.get(moving.size() - 1).getSummary();
    assertEquals(2000, summary.getTotalMs());
    assertEquals(0, summary.getQueueMs());
  }

  @Test
  void progressEndsAtItsTotal() {
    for (int samples : List.of(1, 5, 32)) {
      List<SampleResponse> responses =
          server.sample(request().setSteps(3).setNumSamples(samples).build());
      Progress last =
          responses.stream()
              .filter(SampleResponse::hasProgress)
              .reduce((before, after) -> after)
              .orElseThrow()
              .getProgress();
      assertEquals(3L * samples, last.getStepsTotal());
      assertEquals(last.getStepsTotal(), last.getStepsDone());
      assertFalse(last.hasQueueRowsAhead());
    }
  }

  @Test
  void aRequestThatWaitsHearsItsPlace_untilItRuns() throws Exception {
    stepByStep();
    Iterator<SampleResponse> running =
        server.sampler().sample(request().setNumSamples(20).setPriority(1).build());
    running.next();
    Iterator<SampleResponse> waiting = server.sampler().sample(request().setNumSamples(2).build());
    waiting.next();
    server.tellWaiting();
    Progress first = waiting.next().getProgress();
    assertEquals(10, first.getStepsTotal());
    assertEquals(20, first.getQueueRowsAhead());
    assertFalse(first.hasEstimatedWaitMs(), "what calls cost was not measured");
    // No sooner than progress would come: what is read next is of the running chain.
    server.tellWaiting();
    permits.release(1000);
    running.forEachRemaining(response -> {});
    Progress last = Progress.newBuilder().setQueueRowsAhead(1).build();
    while (waiting.hasNext()) {
      SampleResponse response = waiting.next();
      last = response.hasProgress() ? response.getProgress() : last;
      assertFalse(response.getProgress().hasQueueRowsAhead());
    }
    assertFalse(last.hasQueueRowsAhead());
    assertEquals(10, last.getStepsDone());
  }
}
