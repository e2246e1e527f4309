@NullMarked
package org.layerwise.remote.ssh;

import org.jspecify.annotations.NullMarked;
