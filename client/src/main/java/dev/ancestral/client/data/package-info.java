/**
 * Arrays of floats and how they travel: {@link dev.ancestral.client.data.FloatTensor} for the
 * wire's tensors, {@link dev.ancestral.client.data.Npy} for NumPy's files.
 */
@NullMarked
package dev.ancestral.client.data;

import org.jspecify.annotations.NullMarked;
