/** A Slurm queue, by its own commands over SSH. */
@NullMarked
package org.layerwise.remote.slurm;

import org.jspecify.annotations.NullMarked;
