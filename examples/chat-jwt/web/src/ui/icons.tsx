// The few icons of the page, drawn here so that no icon package is needed.
import SvgIcon, { type SvgIconProps } from "@mui/material/SvgIcon";

export function CopyIcon(props: SvgIconProps) {
  return (
    <SvgIcon {...props}>
      <path d="M9 3h9a3 3 0 0 1 3 3v9h-2V6a1 1 0 0 0-1-1H9zM5 7h9a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2zm0 2v10h9V9z" />
    </SvgIcon>
  );
}

export function CheckIcon(props: SvgIconProps) {
  return (
    <SvgIcon {...props}>
      <path d="M9.5 17.6 4.4 12.5l1.5-1.5 3.6 3.6 8.6-8.6 1.5 1.5z" />
    </SvgIcon>
  );
}

export function CloseIcon(props: SvgIconProps) {
  return (
    <SvgIcon {...props}>
      <path d="m6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z" />
    </SvgIcon>
  );
}

export function SendIcon(props: SvgIconProps) {
  return (
    <SvgIcon {...props}>
      <path d="M3 4.5 21.5 12 3 19.5V14l10-2-10-2z" />
    </SvgIcon>
  );
}

export function FishIcon(props: SvgIconProps) {
  return (
    <SvgIcon {...props}>
      <path d="M2 12c4-6 11-7 15-1.2L22 7v10l-5-3.8C13 19 6 18 2 12zm5.2-2.2a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6z" fillRule="evenodd" />
    </SvgIcon>
  );
}
