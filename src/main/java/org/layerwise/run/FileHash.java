package org.layerwise.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Sha256;
import org.layerwise.lora.PeftAdapter;

/** SHA-256 hash of a file. */
public final class FileHash {

    private FileHash() {}

    /**
     * Returns the SHA-256 hash of a file as 64 hexadecimal digits.
     *
     * @throws UserException if the file cannot be read
     */
    public static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digesting = new DigestInputStream(in, Sha256.digest())) {
            digesting.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    /**
     * Returns the SHA-256 hash of the weights of an adapter.
     *
     * @param folder folder of PEFT's files
     * @throws UserException if the file cannot be read
     */
    public static String ofAdapter(Path folder) {
        return sha256(folder.resolve(PeftAdapter.WEIGHTS));
    }

    /** Returns the SHA-256 hash of a file that holds a text in UTF-8. */
    public static String sha256(String text) {
        return HexFormat.of().formatHex(Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
