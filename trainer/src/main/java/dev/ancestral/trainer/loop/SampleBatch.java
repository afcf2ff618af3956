package dev.ancestral.trainer.loop;

/**
 * What of an update is known before its timesteps are. Rows follow one another in each array.
 *
 * @param labels of each row, the null label where it was dropped; empty for an unconditional
 *     network
 * @param x0 the samples, changed as augmentation will have it
 * @param noise ε
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
record SampleBatch(long[] labels, float[] x0, float[] noise) {}
