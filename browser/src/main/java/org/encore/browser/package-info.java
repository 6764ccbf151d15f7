/** A browser for tests of pages; no other code may use it. */
package org.encore.browser;
