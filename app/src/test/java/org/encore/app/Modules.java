package org.encore.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The modules of the build, from the top {@code pom.xml}: a rule that runs over them misses no new one. */
final class Modules {
    private static final Path ROOT = Path.of("..");

    private Modules() {}

    /** The folder names of the modules that a plain build has, in its order. */
    static List<String> plain() throws IOException {
        return names(true);
    }

    /** The folder names of all modules, those that a profile adds included. */
    static List<String> names() throws IOException {
        return names(false);
    }

    private static List<String> names(boolean plain) throws IOException {
        NodeList modules;
        try {
            modules = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(ROOT.resolve("pom.xml").toFile())
                    .getElementsByTagName("module");
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("pom.xml cannot be read", e);
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < modules.getLength(); i++) {
            String owner = modules.item(i).getParentNode().getParentNode().getNodeName();
            if (!plain || owner.equals("project")) {
                names.add(modules.item(i).getTextContent().strip());
            }
        }
        if (names.isEmpty()) {
            throw new IOException("pom.xml names no module");
        }
        return names;
    }

    /** The folder of a module. */
    static Path folder(String module) {
        return ROOT.resolve(module);
    }
}
