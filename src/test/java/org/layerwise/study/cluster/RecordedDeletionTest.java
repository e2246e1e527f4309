package org.layerwise.study.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.remote.JobId;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.WorkerCount;

class RecordedDeletionTest {

    private static final JobTicket TICKET =
            new JobTicket("lab", new JobId("lw-20260101-120000-0a1b2c3d"), "77", new WorkerCount(1, false));

    @TempDir
    Path folder;

    @BeforeEach
    void send() {
        TICKET.write(folder);
    }

    @Test
    void theRecordIsThereBeforeAnythingIsDeleted() throws IOException {
        RecordedDeletion.run(
                TICKET, folder, begun -> assertThat(JobTicket.read(folder).deleted())
                        .isTrue());

        assertThat(JobTicket.read(folder)).isEqualTo(TICKET.emptied());
    }

    /** As of a disk here that is full. */
    @Test
    void nothingIsDeletedThatCannotBeRecorded() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");

        assertThatThrownBy(() -> RecordedDeletion.run(TICKET, file, begun -> {
                    throw new AssertionError("deleted");
                }))
                .isInstanceOf(UserException.class);
    }

    @Test
    void aDeletionThatWasRefusedIsNotRecordedAndOneThatBrokeIs() {
        assertThatThrownBy(() -> RecordedDeletion.run(TICKET, folder, begun -> {
                    throw new UserException("It is another program's.");
                }))
                .hasMessage("It is another program's.");
        assertThat(JobTicket.read(folder)).isEqualTo(TICKET);

        assertThatThrownBy(() -> RecordedDeletion.run(TICKET, folder, begun -> {
                    begun.run();
                    throw new IOException("broken");
                }))
                .hasMessage("broken");
        assertThat(JobTicket.read(folder).deleted()).isTrue();
    }
}
