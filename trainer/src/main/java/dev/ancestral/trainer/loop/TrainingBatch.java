package dev.ancestral.trainer.loop;

/**
 * One update's worth of noised samples, on the host. Rows follow one another in each array.
 *
 * @param noisy x_t
 * @param timesteps t of each row
 * @param labels of each row, the null label where it was dropped; empty for an unconditional
 *     network
 * @param targets what the network should output
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
record TrainingBatch(float[] noisy, float[] timesteps, long[] labels, float[] targets) {}
