// The process's own environment, which Java only reads: child processes inherit this one and not what
// System.getenv shows (io.openpoly.worker.Environment). Names and values come as bytes that end with 0.
#include <jni.h>
#include <stdlib.h>

JNIEXPORT void JNICALL Java_io_openpoly_worker_Environment_set(JNIEnv* jvm, jclass self, jbyteArray name,
                                                               jbyteArray value) {
  (void)self;
  jbyte* name_bytes = (*jvm)->GetByteArrayElements(jvm, name, NULL);
  jbyte* value_bytes = (*jvm)->GetByteArrayElements(jvm, value, NULL);
  if (name_bytes && value_bytes) setenv((const char*)name_bytes, (const char*)value_bytes, 1);
  if (name_bytes) (*jvm)->ReleaseByteArrayElements(jvm, name, name_bytes, JNI_ABORT);
  if (value_bytes) (*jvm)->ReleaseByteArrayElements(jvm, value, value_bytes, JNI_ABORT);
}

JNIEXPORT void JNICALL Java_io_openpoly_worker_Environment_unset(JNIEnv* jvm, jclass self, jbyteArray name) {
  (void)self;
  jbyte* name_bytes = (*jvm)->GetByteArrayElements(jvm, name, NULL);
  if (!name_bytes) return;
  unsetenv((const char*)name_bytes);
  (*jvm)->ReleaseByteArrayElements(jvm, name, name_bytes, JNI_ABORT);
}
