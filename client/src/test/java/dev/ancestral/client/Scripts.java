package dev.ancestral.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.v1.Accepted;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.Progress;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.Summary;
import dev.ancestral.v1.Tensor;
import io.grpc.StatusRuntimeException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Scripts for {@link FakeServer}, and the numbers they send. */
final class Scripts {
  static final int STEPS = 10;

  /** What is said to be the network's. */
  static final String NETWORK_SHA256 = "ab".repeat(32);

  private Scripts() {}

  static Model model(Long... shape) {
    return Model.newBuilder()
        .setName("toy")
        .addAllDataShape(List.of(shape))
        .setDataMin(-1)
        .setDataMax(1)
        .setNetworkSha256(NETWORK_SHA256)
        .build();
  }

  /** Element j of sample i: multiples of 1/51, which eight bits hold exactly. */
  static float[] values(int sample, int elements) {
    float[] values = new float[elements];
    for (int j = 0; j < elements; j++) {
      values[j] = (float) (((sample * 7 + j * 5) % 52) * 2 / 51.0 - 1);
    }
    return values;
  }

  /** Sends everything a server sends, samples in reverse order. */
  static FakeServer.Script sampling(Model model) {
    return (request, out) -> {
      out.onNext(accepted(request));
      int first = request.getFirstIndex();
      int n = request.getNumSamples();
      List<Integer> steps =
          request.getFrames().getStepsCount() > 0
              ? request.getFrames().getStepsList()
              : IntStream.range(0, request.getFrames().getCount()).boxed().toList();
      for (int k : steps) {
        for (int i = first; i < first + n; i++) {
          out.onNext(frame(request, model, i, k));
        }
        out.onNext(progress(k, STEPS));
      }
      for (int i = first + n - 1; i >= first; i--) {
        out.onNext(sample(request, model, i));
      }
      out.onNext(summary(n));
      out.onCompleted();
    };
  }

  /** Sends one sample and fails. */
  static FakeServer.Script breakingOff(Model model) {
    return (request, out) -> {
      out.onNext(accepted(request));
      out.onNext(sample(request, model, 0));
      out.onError(
          io.grpc.Status.INTERNAL.withDescription("step 3: not finite").asRuntimeException());
    };
  }

  /** Of a server that knows no lists of timesteps. */
  static FakeServer.Script passingOverTimesteps() {
    return (request, out) -> out.onNext(accepted(request.toBuilder().clearTimesteps().build()));
  }

  /** Ends as if all were well, without samples or summary. */
  static FakeServer.Script endingEarly() {
    return (request, out) -> {
      out.onNext(accepted(request));
      out.onCompleted();
    };
  }

  static FakeServer.Script failing(StatusRuntimeException e) {
    return (request, out) -> out.onError(e);
  }

  static StatusRuntimeException wrongField(String field, String description) {
    return error(
        Code.INVALID_ARGUMENT,
        "bad request",
        BadRequest.newBuilder()
            .addFieldViolations(
                BadRequest.FieldViolation.newBuilder().setField(field).setDescription(description))
            .build());
  }

  static StatusRuntimeException full(String description, int retryMillis) {
    return error(
        Code.RESOURCE_EXHAUSTED,
        description,
        RetryInfo.newBuilder()
            .setRetryDelay(Duration.newBuilder().setNanos(retryMillis * 1_000_000))
            .build());
  }

  static StatusRuntimeException deadlineTooShort(String description) {
    return error(
        Code.DEADLINE_EXCEEDED,
        description,
        ErrorInfo.newBuilder().setReason("DEADLINE_TOO_SHORT").build());
  }

  static StatusRuntimeException notFound(String model, String message) {
    return error(
        Code.NOT_FOUND,
        message,
        ResourceInfo.newBuilder()
            .setResourceType("model")
            .setResourceName(model)
            .setDescription("not loaded (expected: toy)")
            .build());
  }

  static SampleResponse accepted(SampleRequest request) {
    SampleRequest resolved =
        request.toBuilder()
            .setSampler(request.getSampler().isEmpty() ? "ddim" : request.getSampler())
            .setSteps(request.hasSteps() ? request.getSteps() : STEPS)
            .setSeed(request.getSeed())
            .setFirstIndex(request.getFirstIndex())
            .build();
    return SampleResponse.newBuilder()
        .setAccepted(
            Accepted.newBuilder()
                .setResolved(resolved)
                .addAllTimesteps(request.getTimestepsList())
                .setNetworkSha256(NETWORK_SHA256))
        .build();
  }

  static SampleResponse progress(long done, long total) {
    return SampleResponse.newBuilder()
        .setProgress(Progress.newBuilder().setStepsDone(done).setStepsTotal(total))
        .build();
  }

  static SampleResponse summary(int samples) {
    return SampleResponse.newBuilder()
        .setSummary(
            Summary.newBuilder().setNumSamples(samples).setTotalMs(1500).setMeanBatchRows(samples))
        .build();
  }

  static SampleResponse sample(SampleRequest request, Model model, int i) {
    Sample.Builder sample = Sample.newBuilder().setSampleIndex(i).setData(tensor(model, i));
    if (request.getLabelsCount() > 0) {
      sample.setLabel(request.getLabels(i % request.getLabelsCount()));
    }
    return SampleResponse.newBuilder().setSample(sample).build();
  }

  private static SampleResponse frame(SampleRequest request, Model model, int i, int k) {
    Tensor state = tensor(model, i + k);
    if (request.getFrames().getEncoding() == Encoding.ENCODING_UINT8) {
      byte[] levels = new byte[FloatTensor.of(state).values().length];
      Arrays.fill(levels, (byte) (10 * k));
      state =
          Tensor.newBuilder()
              .addAllShape(model.getDataShapeList())
              .setUint8(ByteString.copyFrom(levels))
              .build();
    }
    return SampleResponse.newBuilder()
        .setFrame(Frame.newBuilder().setSampleIndex(i).setStep(k).setXt(state))
        .build();
  }

  private static Tensor tensor(Model model, int i) {
    int elements = model.getDataShapeList().stream().reduce(1L, (a, b) -> a * b).intValue();
    return new FloatTensor(model.getDataShapeList(), values(i, elements)).toMessage();
  }

  private static StatusRuntimeException error(Code code, String message, Message detail) {
    return FakeServer.error(
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(message)
            .addDetails(Any.pack(detail))
            .build());
  }
}
