/**
 * Pictures of samples: numbers to pixels, PNG, contact sheets, panels, scatters, arrows, animated
 * GIFs. Start with {@link dev.ancestral.picture.Pixels}. Nothing here knows where the numbers come
 * from.
 */
@NullMarked
package dev.ancestral.picture;

import org.jspecify.annotations.NullMarked;
