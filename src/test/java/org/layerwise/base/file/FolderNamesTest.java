package org.layerwise.base.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderNamesTest {

    @TempDir
    private Path folder;

    @Test
    void aNameOfAnotherCaseIsTheSameWhereTheFileSystemSaysSo() throws IOException {
        Files.createFile(folder.resolve("notes.txt"));
        Files.createFile(folder.resolve("Report.html"));
        boolean same = Files.exists(folder.resolve("report.html"));

        FolderNames names = FolderNames.of(folder);
        assertThat(names.all()).containsExactly("Report.html", "notes.txt");
        assertThat(names.conflictWith("notes.txt")).contains("notes.txt");
        assertThat(names.conflictWith("report.html").isPresent()).isEqualTo(same);
        assertThat(names.conflictWith("others.txt")).isEmpty();
        assertThat(names.plain("notes.txt")).isEqualTo("notes.txt");
        assertThat(names.plain("Report.html")).isEqualTo(same ? "report.html" : "Report.html");
    }
}
