/** Jobs on a cluster: their files, their progress, and their results on this computer. */
@NullMarked
package org.layerwise.study.cluster;

import org.jspecify.annotations.NullMarked;
