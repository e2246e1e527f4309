package org.layerwise.data.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.data.DataFixtures;

class GzipTest {

    @TempDir
    Path folder;

    /** As tapes and block devices leave them. */
    @ParameterizedTest
    @CsvSource({"jsonl, 1", "jsonl, 512", "jsonl, 200000", "csv, 1", "csv, 512", "csv, 200000", "tsv, 512", "json, 512"
    })
    void zerosBehindTheEndAreNamed(String format, int zeros) throws IOException {
        String content =
                switch (format) {
                    case "jsonl" -> "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"y\"}\n";
                    case "json" -> "[{\"text\":\"a\",\"label\":\"x\"},{\"text\":\"b\",\"label\":\"y\"}]";
                    case "csv" -> "text,label\na,x\nb,y\n";
                    default -> "text\tlabel\na\tx\nb\ty\n";
                };
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream packing = new GZIPOutputStream(bytes)) {
            packing.write(content.getBytes(StandardCharsets.UTF_8));
        }
        bytes.writeBytes(new byte[zeros]);
        Path file = Files.write(folder.resolve("rows." + format + ".gz"), bytes.toByteArray());

        DataFixtures.refused(file, "has bytes, such as zeros, behind the end of what is packed in it");
    }
}
