import type { OpenCamera } from './camera-session.ts';
import { lumaOf, sizeToTake } from './luma.ts';

/** Opens a camera of this machine into a video element, and takes pictures from it. Nothing is kept or sent by this. */
export async function openBrowserCamera(video: HTMLVideoElement, deviceId: string | null, onGone: () => void): Promise<OpenCamera> {
  const chosen = deviceId === null ? { facingMode: 'environment' } : { deviceId: { exact: deviceId } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...chosen, width: { ideal: 1920 }, height: { ideal: 1080 } } });
  const tracks = stream.getTracks();
  for (const track of tracks) track.addEventListener('ended', onGone, { once: true });
  const close = (): void => {
    for (const track of tracks) track.stop();
    if (video.srcObject === stream) video.srcObject = null;
  };
  try {
    video.srcObject = stream;
    await video.play();
    // Names of devices are known only once one of them may be used.
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === 'videoinput');
    const devices = cameras.map((device, index) => ({ deviceId: device.deviceId, name: device.label === '' ? `Camera ${index + 1}` : device.label }));
    const { take, next } = pictureTaker(video);
    return { devices, deviceId: tracks[0]?.getSettings().deviceId ?? null, take, next, close };
  } catch (fault) {
    close();
    throw fault;
  }
}

function pictureTaker(video: HTMLVideoElement): Pick<OpenCamera, 'take' | 'next'> {
  const canvas = document.createElement('canvas');
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  let isNew = true;
  let tell: () => void = () => undefined;
  const noticed = (): void => {
    isNew = true;
    tell();
    if (video.srcObject !== null) video.requestVideoFrameCallback(noticed);
  };
  video.requestVideoFrameCallback(noticed);
  return {
    take() {
      if (drawing === null || video.readyState < video.HAVE_CURRENT_DATA || video.videoWidth < 16 || video.videoHeight < 16) return null;
      isNew = false;
      const { width, height } = sizeToTake(video.videoWidth, video.videoHeight);
      // Setting a side clears the canvas and costs its memory anew.
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      drawing.drawImage(video, 0, 0, width, height);
      return { width, height, luma: lumaOf(drawing.getImageData(0, 0, width, height).data) };
    },
    next: () => (isNew ? Promise.resolve() : new Promise((done) => { tell = done; })),
  };
}
