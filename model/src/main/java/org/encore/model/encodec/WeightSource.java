package org.encore.model.encodec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.model.weights.WeightFiles;

/** Tensors by name, wherever they are stored. */
public interface WeightSource {
    /** The file that messages name. */
    Path path();

    /** All names. */
    Set<String> names();

    /**
     * A tensor's shape.
     *
     * @throws InvalidFileException if there is none of that name
     */
    List<Integer> shape(String name);

    /** A tensor's values, row-major. */
    float[] floats(String name) throws IOException;

    /** The tensors of files, which stay the caller's. */
    static WeightSource of(WeightFiles files) {
        return new WeightSource() {
            @Override
            public Path path() {
                return files.source();
            }

            @Override
            public Set<String> names() {
                return files.names();
            }

            @Override
            public List<Integer> shape(String name) {
                return files.entry(name).shape();
            }

            @Override
            public float[] floats(String name) throws IOException {
                return files.floats(name);
            }
        };
    }
}
