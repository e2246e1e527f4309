package org.layerwise.checkpoint.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * What a download of a model would fetch.
 *
 * @param id the model
 * @param revision the revision that was asked for
 * @param commit the commit at which it stands
 * @param snapshot the folder to open when all is there
 * @param files the needed files, in the order in which they are put into the snapshot
 * @param complete whether the snapshot has them all, so that there is nothing to do
 */
public record DownloadPlan(
        HubId id, String revision, String commit, Path snapshot, List<PlannedFile> files, boolean complete) {

    public DownloadPlan {
        files = List.copyOf(files);
    }

    /**
     * A file of the plan.
     *
     * @param name its name in the snapshot
     * @param bytes its length
     * @param bytesThere how many of them are on this machine already, complete or as the part of a cut download
     */
    public record PlannedFile(String name, long bytes, long bytesThere) {}

    /** The length of all files. */
    public long bytes() {
        return files.stream().mapToLong(PlannedFile::bytes).sum();
    }

    /** How much is on this machine already. */
    public long bytesThere() {
        return files.stream().mapToLong(PlannedFile::bytesThere).sum();
    }

    /** How much is to be fetched. */
    public long bytesToFetch() {
        return bytes() - bytesThere();
    }
}
