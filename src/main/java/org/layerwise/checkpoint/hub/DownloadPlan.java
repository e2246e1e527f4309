package org.layerwise.checkpoint.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * Plan of the download of a model.
 *
 * @param id the model
 * @param revision the requested revision
 * @param commit the commit that the revision refers to
 * @param snapshot the folder to open when the download is complete
 * @param files the needed files, in the order in which they are put into the snapshot
 * @param complete true if the snapshot has all files, so that nothing is left to do
 */
public record DownloadPlan(
        HubId id, String revision, String commit, Path snapshot, List<PlannedFile> files, boolean complete) {

    public DownloadPlan {
        files = List.copyOf(files);
    }

    /**
     * File of the plan.
     *
     * @param name its name in the snapshot
     * @param bytes its length in bytes as the hub lists it
     * @param bytesThere number of its bytes that are already on this machine, as a complete file or as the part of an
     *     interrupted download; all if a file of the user is used instead
     */
    public record PlannedFile(String name, long bytes, long bytesThere) {}

    /** Returns the length of all files, in bytes. */
    public long bytes() {
        return files.stream().mapToLong(PlannedFile::bytes).sum();
    }

    /** Returns the number of bytes that are already on this machine. */
    public long bytesThere() {
        return files.stream().mapToLong(PlannedFile::bytesThere).sum();
    }

    /** Returns the number of bytes to download. */
    public long bytesToFetch() {
        return bytes() - bytesThere();
    }
}
