package org.layerwise.study;

import org.layerwise.checkpoint.hub.DownloadPlan;

/**
 * What a download from the hub would fetch.
 *
 * @param files number of files
 * @param bytes of all files
 * @param bytesThere how much of it is in the cache already
 */
public record DownloadSize(int files, long bytes, long bytesThere) {

    static DownloadSize of(DownloadPlan plan) {
        return new DownloadSize(plan.files().size(), plan.bytes(), plan.bytesThere());
    }
}
