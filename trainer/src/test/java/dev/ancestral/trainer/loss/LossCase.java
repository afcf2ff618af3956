package dev.ancestral.trainer.loss;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Rows at chosen timesteps with a fixed output in the network's place, and what a loss makes of
 * them: its values and its gradient by the output.
 *
 * @param task what is learned
 * @param timesteps t of each row
 * @param x0 the samples
 * @param noise ε
 * @param output of every head, row by row
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier; nobody compares cases.
record LossCase(LossTask task, int[] timesteps, float[] x0, float[] noise, float[] output) {
  static final NoiseSchedule LINEAR = BetaSchedules.create("linear", 1000, Map.of());

  /** Four rows of the data's shape: x0 on its levels, ε and output normal. */
  static LossCase of(LossTask task, long seed, int... timesteps) {
    Random random = new Random(seed);
    DataSpec data = task.data();
    int numbers = timesteps.length * data.elements();
    float[] x0 = new float[numbers];
    float[] noise = new float[numbers];
    float[] output = new float[numbers * (task.variance().isLearned() ? 2 : 1)];
    for (int i = 0; i < numbers; i++) {
      x0[i] =
          data.levels() == 0
              ? (float) random.nextGaussian()
              : (float)
                  (data.min()
                      + (data.max() - data.min())
                          * random.nextInt(data.levels())
                          / (data.levels() - 1));
      noise[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < output.length; i++) {
      output[i] = (float) random.nextGaussian();
    }
    return new LossCase(task, timesteps, x0, noise, output);
  }

  static LossTask images(PredictionType prediction, Variance variance) {
    return new LossTask(LINEAR, prediction, variance, new DataSpec(List.of(2L, 2L, 3L), -1, 1, 17));
  }

  static LossTask points(PredictionType prediction, Variance variance) {
    return new LossTask(LINEAR, prediction, variance, new DataSpec(List.of(2L), -3, 3, 0));
  }

  int numbersOfRow() {
    return task.data().elements();
  }

  /** x_t of number i of all rows together, in float as a batch has it. */
  float noisy(int i) {
    int t = timesteps[i / numbersOfRow()];
    return (float) (task.schedule().alpha(t) * x0[i] + task.schedule().sigma(t) * noise[i]);
  }

  float target(int i) {
    Transition transition = task.schedule().transition(timesteps[i / numbersOfRow()]);
    return (float)
        (task.prediction().targetFromX0(transition) * x0[i]
            + task.prediction().targetFromNoise(transition) * noise[i]);
  }

  /** The prediction of number i, from an output of either one or two heads. */
  double prediction(double[] output, int i) {
    return output[headStart(i / numbersOfRow()) + i % numbersOfRow()];
  }

  /** The variance half of number i. */
  double variance(double[] output, int i) {
    return task.variance().isLearned()
        ? output[headStart(i / numbersOfRow()) + numbersOfRow() + i % numbersOfRow()]
        : Double.NaN;
  }

  private int headStart(int row) {
    return row * output.length / timesteps.length;
  }

  double[] outputs() {
    double[] values = new double[output.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = output[i];
    }
    return values;
  }

  /** What a loss made of a case. */
  record Measured(float[] rows, float[] gradient) {}

  /** The loss of each row, and the gradient of their sum by every output. */
  Measured measure(Loss loss) {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Shape sample = new Shape(task.data().dimensions());
      float[] noisy = new float[x0.length];
      float[] targets = new float[x0.length];
      for (int i = 0; i < x0.length; i++) {
        noisy[i] = noisy(i);
        targets[i] = target(i);
      }
      TrainingRows rows =
          new TrainingRows(
              manager, sample, timesteps, x0, noise, noisy, targets, purpose -> new float[0]);
      long[] shape = new Shape(timesteps.length).addAll(sample).getShape();
      shape[1] *= task.variance().isLearned() ? 2 : 1;
      NDArray answer = manager.create(output, new Shape(shape));
      answer.setRequiresGradient(true);
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDArray values = loss.rows().of(rows, new FixedOutput(answer));
        collector.backward(values.sum());
        return new Measured(values.toFloatArray(), answer.getGradient().toFloatArray());
      }
    }
  }

  /** Answers the same whatever the state. */
  private record FixedOutput(NDArray answer) implements NetworkPass {
    @Override
    public NDArray output(NDArray noisy) {
      return answer;
    }

    @Override
    public Tangent tangent(NDArray noisy, NDArray direction) {
      return new Tangent(answer, direction.zerosLike());
    }
  }
}
