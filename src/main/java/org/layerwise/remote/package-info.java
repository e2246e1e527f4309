/**
 * Jobs on a Ray cluster or a Slurm queue: the registered clusters ({@link org.layerwise.remote.ClusterRegistry}), and the
 * communication with them. This package does not depend on models, data or runs: it sends files, starts a program, and
 * fetches files.
 */
@NullMarked
package org.layerwise.remote;

import org.jspecify.annotations.NullMarked;
