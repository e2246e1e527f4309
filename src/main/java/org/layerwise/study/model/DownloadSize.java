package org.layerwise.study.model;

import org.layerwise.checkpoint.hub.DownloadPlan;

/**
 * Size of a download from the hub.
 *
 * @param files number of files
 * @param bytes size of all files in bytes
 * @param bytesThere number of bytes that are already in the cache
 */
public record DownloadSize(int files, long bytes, long bytesThere) {

    public static DownloadSize of(DownloadPlan plan) {
        return new DownloadSize(plan.files().size(), plan.bytes(), plan.bytesThere());
    }
}
