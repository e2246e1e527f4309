/** Work of a study on a cluster: what is sent, how it is followed, and what becomes of it here. */
@NullMarked
package org.layerwise.study.cluster;

import org.jspecify.annotations.NullMarked;
