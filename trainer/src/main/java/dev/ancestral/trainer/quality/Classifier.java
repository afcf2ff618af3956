package dev.ancestral.trainer.quality;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.network.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A small convolutional classifier of images, trained where it is needed: seconds for small ones.
 * Its features are its last hidden layer, after the rectifier. Owns its arrays; {@link #close}
 * frees them. Not thread-safe.
 */
public final class Classifier implements Features {
  private static final int BATCH = 64;
  private static final int EPOCHS = 16;
  private static final int MIN_ITERATIONS = 200;
  private static final int MAX_ITERATIONS = 1200;
  private static final int TRIAL_UPDATES = 6;
  private static final float LEARNING_RATE = 1e-3f;
  private static final int FIRST_CHANNELS = 32;
  private static final int MAX_CHANNELS = 128;
  private static final int SMALLEST_SIDE = 4;

  private final Model model;
  private final Trainer trainer;
  private final Block body;
  private final Shape shape;
  private final int classes;

  private Classifier(Model model, Block body, Shape shape, int classes) {
    this.model = model;
    this.body = body;
    this.shape = shape;
    this.classes = classes;
    this.trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(
                    Optimizer.adam().optLearningRateTracker(Tracker.fixed(LEARNING_RATE)).build()));
    trainer.initialize(new Shape(1).addAll(shape));
  }

  /**
   * Trains one.
   *
   * @param samples labelled images, at least one, of at least one class
   * @param seed of weights and order
   */
  public static Classifier train(LabelledSamples samples, long seed) {
    Classifier classifier = untrained(samples.spec(), samples.classes(), seed);
    int iterations = iterations(samples.size());
    for (int i = 0; i < iterations; i++) {
      PhiloxRandom random = new PhiloxRandom(seed, NoisePurpose.SHUFFLE, i, 0);
      List<float[]> pixels = new ArrayList<>(BATCH);
      long[] labels = new long[BATCH];
      for (int row = 0; row < BATCH; row++) {
        int index = random.nextInt(samples.size());
        pixels.add(samples.sample(index));
        labels[row] = samples.label(index);
      }
      classifier.update(pixels, labels);
    }
    return classifier;
  }

  private static Classifier untrained(DataSpec spec, int classes, long seed) {
    Torch.start().setRandomSeed(new PhiloxRandom(seed, NoisePurpose.WEIGHTS, 0, 0).nextInt());
    Shape shape = new Shape(spec.dimensions());
    Model model = Model.newInstance("classifier", Device.cpu(), Torch.ENGINE);
    SequentialBlock body = body(shape);
    model.setBlock(new SequentialBlock().add(body).add(Linear.builder().setUnits(classes).build()));
    return new Classifier(model, body, shape, classes);
  }

  private static int iterations(int samples) {
    return Math.min(MAX_ITERATIONS, Math.max(MIN_ITERATIONS, EPOCHS * samples / BATCH));
  }

  /**
   * How long training takes, about, from the fastest of a few updates on gray images: the first
   * ones wait for libraries.
   *
   * @param samples how many there are
   */
  static double secondsToTrain(DataSpec spec, int classes, int samples) {
    try (Classifier trial = untrained(spec, classes, 0)) {
      List<float[]> gray = Collections.nCopies(BATCH, new float[spec.elements()]);
      long fastest = Long.MAX_VALUE;
      for (int i = 0; i < TRIAL_UPDATES; i++) {
        long start = System.nanoTime();
        trial.update(gray, new long[BATCH]);
        fastest = Math.min(fastest, System.nanoTime() - start);
      }
      return iterations(samples) * (fastest / 1e9);
    }
  }

  /** Halves the image until it is small, with more channels each time. */
  private static SequentialBlock body(Shape shape) {
    SequentialBlock block = new SequentialBlock();
    int channels = FIRST_CHANNELS;
    block.add(convolution(channels, 1)).add(Activation::relu);
    for (long side = Math.min(shape.get(1), shape.get(2));
        side > SMALLEST_SIDE;
        side = (side + 1) / 2) {
      channels = Math.min(MAX_CHANNELS, 2 * channels);
      block.add(convolution(channels, 2)).add(Activation::relu);
    }
    return block
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(MOST).build())
        .add(Activation::relu);
  }

  private static Conv2d convolution(int channels, int stride) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .optPadding(new Shape(1, 1))
        .optStride(new Shape(stride, stride))
        .setFilters(channels)
        .build();
  }

  private void update(List<float[]> images, long[] labels) {
    try (NDManager scratch = model.getNDManager().newSubManager()) {
      NDList expected = new NDList(scratch.create(labels).expandDims(1));
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList output = trainer.forward(new NDList(batch(scratch, images)));
        collector.backward(trainer.getLoss().evaluate(expected, output));
      }
      trainer.step();
    }
  }

  /** The probability of each class, one array an image. */
  public List<float[]> probabilities(List<float[]> images) {
    return List.of(
        rows(images, input -> trainer.evaluate(input).singletonOrThrow().softmax(-1), classes));
  }

  @Override
  public int size() {
    return MOST;
  }

  @Override
  public float[][] of(List<float[]> samples) {
    ParameterStore store = new ParameterStore(model.getNDManager(), false);
    return rows(samples, input -> body.forward(store, input, false).singletonOrThrow(), MOST);
  }

  @Override
  public OptionalDouble labelAccuracy(List<float[]> samples, int[] labels) {
    List<float[]> probabilities = probabilities(samples);
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += best(probabilities.get(i)) == labels[i] ? 1 : 0;
    }
    return OptionalDouble.of((double) right / labels.length);
  }

  /** The class of the highest probability. */
  public static int best(float[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public String description() {
    return "%d features of a classifier of %d classes".formatted(MOST, classes);
  }

  private float[][] rows(List<float[]> images, Function<NDList, NDArray> layer, int width) {
    float[][] all = new float[images.size()][];
    for (int from = 0; from < all.length; from += BATCH) {
      List<float[]> part = images.subList(from, Math.min(all.length, from + BATCH));
      try (NDManager scratch = model.getNDManager().newSubManager()) {
        NDArray output = layer.apply(new NDList(batch(scratch, part)));
        output.attach(scratch);
        float[] flat = output.toFloatArray();
        for (int row = 0; row < part.size(); row++) {
          all[from + row] = Arrays.copyOfRange(flat, row * width, (row + 1) * width);
        }
      }
    }
    return all;
  }

  private NDArray batch(NDManager scratch, List<float[]> images) {
    int elements = images.get(0).length;
    float[] flat = new float[images.size() * elements];
    for (int row = 0; row < images.size(); row++) {
      System.arraycopy(images.get(row), 0, flat, row * elements, elements);
    }
    return scratch.create(flat, new Shape(images.size()).addAll(shape));
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
